"""Results on disk, so that a restart loses nothing: a bounded table of bytes in one SQLite file.

Nothing read from it is unpickled or believed: each entry has a checksum over its key and value, and what the bytes mean is
checked by whoever decodes them. A full or broken disk costs the store, never the run: errors are counted and said once in a
while, and a file that is no database any more is begun anew. Processes may share the file if they are on one machine.
"""

import hashlib
import logging
import os
import sqlite3
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

FILE = "results.sqlite"
VERSION = 2  # of the table; another one is dropped
_SILENCE = 60.0  # seconds between two complaints
_PATIENCE = 2.0  # seconds that a writer waits for one in another process
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TABLE = f"""BEGIN IMMEDIATE;
DROP TABLE IF EXISTS results;
CREATE TABLE results (key TEXT PRIMARY KEY, value BLOB, digest BLOB, rank INTEGER, used REAL);
PRAGMA user_version = {VERSION};
COMMIT"""
_PUT = """INSERT INTO results VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value,
digest = excluded.digest, rank = excluded.rank, used = excluded.used WHERE excluded.rank >= rank"""
_MAKE_ROOM = """DELETE FROM results WHERE key IN (SELECT key FROM
(SELECT key, SUM(LENGTH(value)) OVER (ORDER BY used DESC, key) AS upto FROM results) WHERE upto > ?)"""
LOG = logging.getLogger(__name__)


def default_folder() -> Path:
    """Names the user's cache folder; where there is no such thing, one in the machine's for what is not kept."""
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # a user without a home, as in some containers
        cache = Path(tempfile.gettempdir())
    return cache / "gradient-decay-lab"


class Store:
    """``most`` bytes of entries by key, those used longest ago making room. Safe to use from any thread and process."""

    def __init__(self, folder: Path, most: int) -> None:
        self.most = most
        self.errors = 0
        self._path = folder.absolute() / FILE
        self._lock = threading.Lock()  # of the writer; readers wait for nobody
        self._writer: sqlite3.Connection | None = None
        self._file = 0  # number of the file that the writer has open
        self._used: dict[str, float] = {}  # key → when it was read, not yet written
        self._complaining = threading.Lock()
        self._complained = -_SILENCE

    def get(self, key: str) -> bytes | None:
        """Returns the value; None if there is none, or none that is whole."""
        row = self._read("SELECT value, digest FROM results WHERE key = ?", key)
        if not row:
            return None
        value, digest = row
        if not isinstance(value, bytes) or digest != _digest(key, value):
            self.forget(key, "an entry is damaged and will be computed anew")
            return None
        self._used[key] = time.time()
        return value

    def put(self, key: str, value: bytes, rank: int = 0) -> None:
        """Keeps the value, in place of an older one unless that one's rank is higher."""
        if len(value) > self.most:
            return
        with self._lock:
            self._write(_PUT, key, value, _digest(key, value), rank, time.time())
            self._note_used()
            self._write(_MAKE_ROOM, self.most)

    def forget(self, key: str, why: str) -> None:
        """Drops an entry that turned out to be wrong, and says so."""
        self.complain(why)
        with self._lock:
            self._write("DELETE FROM results WHERE key = ?", key)

    @property
    def size(self) -> int:
        """Bytes of all values."""
        row = self._read("SELECT SUM(LENGTH(value)) FROM results")
        return int(row[0] or 0) if row else 0

    def close(self) -> None:
        """Writes what is still unwritten, and closes the file."""
        with self._lock:
            if self._used:
                self._note_used()
            self._close_writer()

    def _read(self, command: str, *values: object) -> tuple[Any, ...] | None:
        """Reads the first row, read by a connection of its own: a writer, who may wait for the disk, does not matter."""
        if not self._path.exists():
            return None
        try:
            with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", _PATIENCE, uri=True)) as reader:
                row: tuple[Any, ...] | None = reader.execute(command, values).fetchone()
                return row
        except (sqlite3.Error, OSError) as error:
            if "no such table" in str(error):  # a writer is about to make it
                return None
            self.complain(str(error))
            if _broken(error):
                with self._lock:
                    self._begin_anew()
            return None

    def _write(self, command: str, *values: object) -> None:
        """Does one command, which is a transaction of its own; a complaint if the disk does not play along."""
        try:
            self._open().execute(command, values)
        except (sqlite3.Error, OSError) as error:
            self.complain(str(error))
            self._close_writer()
            if _broken(error):
                self._begin_anew()

    def _note_used(self) -> None:
        used, self._used = self._used, {}
        for key, at in list(used.items()):
            self._write("UPDATE results SET used = ? WHERE key = ?", at, key)

    def _open(self) -> sqlite3.Connection:
        if self._writer and not self._is_there():  # somebody else has begun it anew
            self._close_writer()
        if not self._writer:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # isolation_level None: no transaction is begun unasked
            self._writer = sqlite3.connect(self._path, _PATIENCE, isolation_level=None, check_same_thread=False)
            self._file = self._path.stat().st_ino
            self._prepare(self._writer)
        return self._writer

    def _prepare(self, writer: sqlite3.Connection) -> None:
        """Prepares the table, and the bounds of the file, which shrinks if it is larger than it may be."""
        writer.execute("PRAGMA auto_vacuum = INCREMENTAL")  # comes before the first table
        writer.execute("PRAGMA journal_mode = WAL")  # readers and a writer do not wait for each other
        writer.execute("PRAGMA synchronous = NORMAL")
        writer.execute(f"PRAGMA journal_size_limit = {2**22}")
        if writer.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            writer.executescript(_TABLE)
        writer.execute(_MAKE_ROOM, (self.most,))
        writer.executescript("PRAGMA incremental_vacuum")  # ``execute`` would stop after the first page
        page = writer.execute("PRAGMA page_size").fetchone()[0]
        writer.execute(f"PRAGMA max_page_count = {2 * self.most // page + 64}")  # whatever happens

    def _is_there(self) -> bool:
        try:
            return self._path.stat().st_ino == self._file
        except OSError:
            return False

    def _close_writer(self) -> None:
        if self._writer:
            with suppress(sqlite3.Error):
                self._writer.close()
            self._writer = None

    def _begin_anew(self) -> None:
        """Removes a file that is no database any more: what is in it is lost anyhow."""
        self._close_writer()
        for ending in ("", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{self._path}{ending}").unlink()

    def complain(self, what: str) -> None:
        """Counts an error, and says it unless another one was said a moment ago."""
        with self._complaining:
            self.errors += 1
            now = time.monotonic()
            if now - self._complained < _SILENCE:
                return
            self._complained = now
        LOG.warning("The store of results at %s: %s. Trainings go on without it.", self._path, what)


def _digest(key: str, value: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + value).digest()


def _broken(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN
