"""The store: bounded, shared by processes, and never a reason to fail, whatever the disk does."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.execution import store as module
from core.execution.store import FILE, Store

ROOT = Path(__file__).parents[3]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock is a second later, so that nothing happens at the same time."""
    now = iter(range(10**9))
    monkeypatch.setattr(module.time, "time", lambda: float(next(now)))


def on_disk(folder: Path) -> int:
    """Bytes of all files there."""
    return sum(each.stat().st_size for each in folder.iterdir())


def test_what_is_put_is_there_for_the_next_one_too(tmp_path: Path) -> None:
    """Any bytes; the newest under each key; in a folder that has to be made."""
    store, folder = Store(tmp_path / "a" / "b", 10**6), tmp_path / "a" / "b"
    assert store.get("one") is None
    store.put("one", b"old")
    store.put("one", b"\0new")
    store.put("two", b"")
    assert [store.get(key) for key in ("one", "two", "three")] == [b"\0new", b"", None]
    assert store.size == 4
    store.close()
    assert [each.name for each in folder.iterdir()] == [FILE]
    again = Store(folder, 10**6)
    assert (again.get("one"), again.get("two"), again.errors, store.errors) == (b"\0new", b"", 0, 0)


def test_the_further_one_stays(tmp_path: Path) -> None:
    """Two servers with the same training: the one that lags behind does not undo the other's."""
    store = Store(tmp_path, 10**6)
    for rank, value in ((5, b"five"), (3, b"three"), (5, b"FIVE"), (4, b"four")):
        store.put("key", value, rank)
    assert store.get("key") == b"FIVE"


@pytest.mark.usefixtures("clock")
@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(["put", "get", "open"]), st.sampled_from("abcdef"), st.integers(0, 60)), max_size=40
    )
)
def test_those_used_longest_ago_make_room(actions: list[tuple[str, str, int]]) -> None:
    """The same as a dictionary in the order of use that drops the first until 100 bytes hold the rest."""
    folder = Path(tempfile.mkdtemp())
    store, model = Store(folder, 100), OrderedDict[str, bytes]()
    for what, key, size in actions:
        if what == "open":
            store.close()
            store = Store(folder, 100)
        elif what == "get":
            assert store.get(key) == model.get(key)
            if key in model:
                model.move_to_end(key)
        else:
            store.put(key, bytes(size))
            model[key] = bytes(size)
            model.move_to_end(key)
            while sum(len(each) for each in model.values()) > 100:
                model.popitem(last=False)
    assert store.size == sum(len(each) for each in model.values())
    assert {key: store.get(key) for key in "abcdef"} == {key: model.get(key) for key in "abcdef"}
    assert not store.errors
    store.close()
    shutil.rmtree(folder)


@pytest.mark.usefixtures("clock")
def test_reading_counts_as_use(tmp_path: Path) -> None:
    """For the next one, too."""
    store = Store(tmp_path, 100)
    store.put("a", bytes(50))
    store.put("b", bytes(50))
    assert store.get("a")
    store.close()
    again = Store(tmp_path, 100)
    again.put("c", bytes(50))
    assert [bool(again.get(key)) for key in "abc"] == [True, False, True]


def test_a_file_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    """Somebody has removed it, or begun it anew, while it was open: nothing is written to where nobody reads."""
    one, other = Store(tmp_path, 10**6), Store(tmp_path, 10**6)
    one.put("a", b"1")
    for each in tmp_path.iterdir():
        each.unlink()
    other.put("b", b"2")
    one.put("c", b"3")
    assert [Store(tmp_path, 10**6).get(key) for key in "abc"] == [None, b"2", b"3"]
    assert not one.errors and not other.errors


def test_the_file_is_bounded(tmp_path: Path) -> None:
    """However much is written; and what is larger than everything may be is not kept."""
    store = Store(tmp_path, 2**20)
    for i in range(60):
        store.put(f"key {i}", bytes([i]) * 2**17)
    store.put("large", bytes(2**20 + 1))
    assert store.get("large") is None and store.get("key 59")
    assert 2**19 < store.size <= 2**20
    store.close()
    assert on_disk(tmp_path) < 2.5 * 2**20
    smaller = Store(tmp_path, 2**18)
    smaller.put("new", b"!")
    assert smaller.get("key 59") and smaller.size <= 2**18
    smaller.close()
    assert on_disk(tmp_path) < 0.6 * 2**20, "the file shrinks"
    assert not store.errors and not smaller.errors


def put_many(folder: Path, name: str) -> subprocess.Popen[bytes]:
    """Another process that writes and reads a lot there."""
    program = (
        "import sys; from pathlib import Path; from core.execution.store import Store\n"
        f"store = Store(Path({str(folder)!r}), 10**6); assert sys.stdin.read(1)\n"
        f"for i in range(60): store.put('{name} %d' % i, b'{name}' * 500); assert store.get('{name} %d' % i)\n"
        "store.close(); assert not store.errors, store.errors"
    )
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE)


def test_processes_and_threads_share_it(tmp_path: Path) -> None:
    """Two other processes and four threads, all at once: everything arrives, and no error."""
    others = [put_many(tmp_path, name) for name in "pq"]
    store = Store(tmp_path, 10**6)

    def put(name: str) -> None:
        for i in range(40):
            store.put(f"{name} {i}", name.encode() * 500)
            assert store.get(f"{name} {i}") == name.encode() * 500

    threads = [threading.Thread(target=put, args=(name,)) for name in "stuv"]
    for other in others:
        assert other.stdin
        other.stdin.write(b"!")
        other.stdin.close()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        assert other.wait(60) == 0, other.stderr and other.stderr.read().decode()
        assert other.stderr
        other.stderr.close()
    wanted = [f"{name} {i}" for name in "pqstuv" for i in range(60 if name in "pq" else 40)]
    assert all(store.get(key) == key[0].encode() * 500 for key in wanted)
    assert not store.errors


def changed(folder: Path, command: str, *values: Any) -> None:
    """Somebody changes the file."""
    with closing(sqlite3.connect(folder / FILE)) as file, file:
        file.execute(command, values)


@pytest.mark.parametrize(
    "damage",
    ["SET value = x'00'", "SET digest = x'00'", "SET value = 'text'", "SET digest = NULL", "SET key = 'other'"],
)
def test_a_damaged_entry_is_not_returned(tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture) -> None:
    """It is counted, said and dropped; a new one can take its place."""
    store = Store(tmp_path, 10**6)
    store.put("key", b"value", rank=9)
    changed(tmp_path, f"UPDATE results {damage}")
    key = "other" if "key" in damage else "key"
    assert store.get(key) is None
    assert store.errors == 1 and "damaged" in caplog.text
    assert store.get(key) is None and store.errors == 1
    store.put(key, b"again")
    assert store.get(key) == b"again"


@pytest.mark.parametrize("at", [0, 50, 8192], ids=["head", "settings", "table"])
def test_a_broken_file_is_begun_anew(tmp_path: Path, at: int, caplog: pytest.LogCaptureFixture) -> None:
    """By whoever notices; somebody else who has it open notices, too."""
    stores = [Store(tmp_path, 10**6) for _ in range(2)]
    for i in range(50):
        stores[i % 2].put(f"key {i}", bytes(1000))
    stores[0].close()
    stores[1].close()
    stores[1].put("key", b"opened")
    data = bytearray((tmp_path / FILE).read_bytes())
    data[at : at + 3000] = b"\xff" * len(data[at : at + 3000])
    for each in tmp_path.iterdir():
        each.unlink()
    (tmp_path / FILE).write_bytes(data)
    for store in (*stores, *stores):
        for i in range(50):
            assert store.get(f"key {i}") in (None, bytes(1000))
            store.put(f"key {i}", bytes(1000))
    assert sum(store.errors for store in stores) > 0
    assert [store.get(f"key {i}") for store in stores for i in range(50)] == [bytes(1000)] * 100
    assert len(caplog.records) <= 2
