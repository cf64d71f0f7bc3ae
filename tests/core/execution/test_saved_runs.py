"""Runs on disk, which make nobody wait, survive a restart, and are not believed blindly."""

import pickle
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import core
from core.execution import saved_runs
from core.execution.codec import encode
from core.execution.saved_runs import SavedRuns, key_of
from core.execution.store import Store
from tests.core.execution.by_hand import SMALL, bits, same, trained, wait_for
from tests.core.execution.test_codec import Planted

OTHER = replace(SMALL, seed=1)
HALF = trained(steps=20)
Open = Callable[[], SavedRuns]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """``opened()``: saved runs, always in the same folder."""
    all_of_them: list[SavedRuns] = []

    def one() -> SavedRuns:
        all_of_them.append(SavedRuns(Store(tmp_path, 10**7)))
        return all_of_them[-1]

    yield one
    for each in all_of_them:
        each.close()


def test_a_run_comes_back_after_a_restart(opened: Open) -> None:
    """To the last bit, in its newest state, and only its own."""
    first = opened()
    assert first.find(SMALL) is None
    for steps in (5, 10, 20):
        first.keep(trained(steps=steps))
    assert same(first.find(SMALL) or core.start(SMALL), HALF), "though it may not be written yet"
    first.close()
    second = opened()
    assert same(second.find(SMALL) or core.start(SMALL), HALF)
    assert second.find(OTHER) is None
    assert (second.hits, second.misses, second.errors) == (1, 1, 0)
    assert second.size == len(encode(HALF))


def test_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal for equal experiments; other experiments, or other code, have others."""
    twin = core.from_query(SMALL.to_query())
    keys = [key_of(each) for each in (SMALL, twin, OTHER, replace(SMALL, training=core.Training()))]
    assert keys[0] == keys[1] and len(set(keys)) == 3
    monkeypatch.setattr(saved_runs, "fingerprint", lambda: "another version")
    assert key_of(SMALL) != keys[0]


def test_foreign_bytes(opened: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Another run under this key, or a pickle, whole as the store sees it: computed anew, never opened."""
    store = Store(tmp_path, 10**7)
    for data in (encode(trained(OTHER, 20)), pickle.dumps(Planted(tmp_path / "sign")), b""):
        store.put(key_of(SMALL), data, rank=99)
        one = opened()
        assert one.find(SMALL) is None
        assert one.errors == 1
        one.keep(HALF)
        one.close()
        assert same(opened().find(SMALL) or core.start(SMALL), HALF)
    assert not (tmp_path / "sign").exists()
    assert "not a run" in caplog.text or "another experiment" in caplog.text


def test_the_writer_outlives_an_error(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can't be written is not there; the next one is."""

    def greedy(run: core.Run) -> bytes:
        if run.experiment == OTHER:
            raise MemoryError("no more")
        return encode(run)

    monkeypatch.setattr(saved_runs, "encode", greedy)
    one = opened()
    one.keep(trained(OTHER, 5))
    one.keep(HALF)
    wait_for(lambda: one.size, "the second")
    assert one.errors == 1
    one.close()
    again = opened()
    assert again.find(SMALL) and not again.find(OTHER)


def test_what_comes_during_the_writing_is_written_too(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest state only, after others that wait."""
    begun, go, put, written = threading.Event(), threading.Event(), Store.put, []

    def slow(store: Store, key: str, value: bytes, rank: int) -> None:
        begun.set()
        go.wait()
        written.append(rank)
        put(store, key, value, rank)

    monkeypatch.setattr(Store, "put", slow)
    one = opened()
    one.keep(trained(steps=1))
    begun.wait()
    one.keep(trained(OTHER, 7))
    for steps in (2, 3, 20):
        one.keep(trained(steps=steps))
    go.set()
    one.close()
    assert written == [1, 7, 20]
    assert same(opened().find(SMALL) or core.start(SMALL), HALF)


def test_a_slow_disk_keeps_nobody_waiting(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the newest state of each run is written; not more than so many wait; the end does not wait for ever."""
    begun, go, written = threading.Event(), threading.Event(), []

    def slow(store: Store, key: str, value: bytes, rank: int) -> None:
        begun.set()
        go.wait()
        written.append((key, rank))

    monkeypatch.setattr(Store, "put", slow)
    monkeypatch.setattr(saved_runs, "MOST", 10)
    monkeypatch.setattr(saved_runs, "PATIENCE", 0.01)
    one = opened()
    one.keep(trained(OTHER, 1))
    begun.wait()
    for steps in range(1, 21):
        one.keep(trained(steps=steps))
    assert one.find(SMALL) is not None and bits(one.find(SMALL)) == bits(HALF)
    for seed in range(2, 30):
        one.keep(trained(replace(SMALL, seed=seed), 1))
    assert len(one._waiting) == 10
    one.close()
    go.set()
    one._writer.join()
    assert len(written) <= 11 and written.count((key_of(SMALL), 20)) <= 1
