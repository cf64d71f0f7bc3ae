"""Results on disk, so that a restart loses nothing: a bounded table of bytes in one SQLite file.

Nothing read from it is unpickled or believed: each entry has a checksum over its key and value, and what the bytes mean is
checked by whoever decodes them. A full or broken disk costs the store, never the run: errors are counted and said once in a
while, and a file that is no database any more is begun anew.
"""

import hashlib
import logging
import os
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

FILE = "results.sqlite"
_SILENCE = 60.0  # seconds between two complaints
_TABLE = "CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, value BLOB, digest BLOB, size INTEGER, used REAL)"
LOG = logging.getLogger(__name__)


def default_folder() -> Path:
    """In the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gradient-decay-lab"


class Store:
    """``most`` bytes of entries by key, those used longest ago making room. Safe to use from any thread and process."""

    def __init__(self, folder: Path, most: int) -> None:
        self.most = most
        self.errors = 0
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._complained = -_SILENCE

    def get(self, key: str) -> bytes | None:
        """The value; None if there is none, or none that is whole."""
        with self._lock:
            row = self._try("SELECT value, digest FROM results WHERE key = ?", key)
            if not row:
                return None
            value, digest = row[0]
            if not isinstance(value, bytes) or digest != _digest(key, value):
                self._complain("an entry is damaged and will be computed anew")
                self._try("DELETE FROM results WHERE key = ?", key)
                return None
            self._try("UPDATE results SET used = ? WHERE key = ?", time.time(), key)
            return value

    def put(self, key: str, value: bytes) -> None:
        """Keeps the value, in place of an older one."""
        if len(value) > self.most:
            return
        with self._lock:
            row = (key, value, _digest(key, value), len(value), time.time())
            self._try("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)", *row)
            self._make_room()

    def forget(self, key: str) -> None:
        """Drops an entry whose meaning turned out to be wrong."""
        with self._lock:
            self._try("DELETE FROM results WHERE key = ?", key)

    @property
    def size(self) -> int:
        """Bytes of all values."""
        with self._lock:
            row = self._try("SELECT COALESCE(SUM(size), 0) FROM results")
            return int(row[0][0]) if row else 0

    def close(self) -> None:
        """Everything is on disk afterwards."""
        with self._lock:
            self._drop_connection()

    def _make_room(self) -> None:
        """Drops the entries used longest ago until the rest fits."""
        self._try(
            "DELETE FROM results WHERE key IN (SELECT key FROM (SELECT key, SUM(size) OVER (ORDER BY used DESC, key) AS upto"
            " FROM results) WHERE upto > ?)",
            self.most,
        )

    def _try(self, command: str, *values: object) -> list[tuple[bytes | int, bytes]]:
        """The rows of a command; none, and a complaint, if the disk does not play along."""
        try:
            return self._open().execute(command, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            self._complain(str(error))
            broken = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
            self._drop_connection()
            if broken:  # not a database any more: what is in it is lost anyhow
                with suppress(OSError):
                    self._path.unlink()
            return []

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # isolation_level None: each command is a transaction of its own
            self._connection = sqlite3.connect(self._path, 2.0, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")  # readers and a writer do not wait for each other
            self._connection.execute("PRAGMA synchronous = NORMAL")
            page = self._connection.execute("PRAGMA page_size").fetchone()[0]
            self._connection.execute(f"PRAGMA max_page_count = {2 * self.most // page + 64}")  # whatever happens
            self._connection.execute(_TABLE)
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _complain(self, what: str) -> None:
        self.errors += 1
        if time.monotonic() - self._complained > _SILENCE:
            self._complained = time.monotonic()
            LOG.warning("The store of results at %s: %s. Trainings go on without it.", self._path, what)


def _digest(key: str, value: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + value).digest()
