"""The store on disks that do not play along: trainings never notice."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from core.execution.store import FILE, Store, default_folder

ROOT = Path(__file__).parents[3]


def nothing_happens(store: Store) -> None:
    """It takes, and has nothing."""
    for i in range(5):
        store.put(f"key {i}", b"value")
        assert store.get(f"key {i}") is None
    assert store.size == 0
    store.close()


def test_a_folder_that_can_not_be(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Because a file is in its place. Errors are counted, and said once, not each time."""
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file" / "folder", 10**6)
    nothing_happens(store)
    assert store.errors >= 5
    assert len(caplog.records) == 1 and "go on without it" in caplog.text


def test_a_file_that_can_not_be_opened(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Because a folder is in its place."""
    (tmp_path / FILE).mkdir()
    store = Store(tmp_path, 10**6)
    nothing_happens(store)
    assert store.errors >= 5 and len(caplog.records) == 1
    assert (tmp_path / FILE).is_dir()


AS_NOBODY = """
import os, sys
from pathlib import Path
from core.execution.store import Store
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
store = Store(Path(sys.argv[1]), 10**6)
store.put("key", b"value")
print(store.get("key"), store.errors > 0)
"""


def test_a_folder_that_may_not_be_written() -> None:
    """There is no store, and nobody minds."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, folder], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    folder.rmdir()
    assert done.stdout == "None True\n", done.stderr


FULL = """
import resource, sys
from pathlib import Path
from core.execution.store import Store
store = Store(Path(sys.argv[1]), 10**8)
store.put("before", b"b" * 10**4)
resource.setrlimit(resource.RLIMIT_FSIZE, (10**6, resource.RLIM_INFINITY))
for i in range(30):
    store.put(f"key {i}", bytes([i]) * 10**5)
assert store.errors, "the disk was never full"
assert store.get("before") == b"b" * 10**4
kept = [i for i in range(30) if store.get(f"key {i}")]
assert all(store.get(f"key {i}") == bytes([i]) * 10**5 for i in kept) and 0 < len(kept) < 30
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.close()
print("fine")
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """Files that can't grow any more: what was there is there, what is not there is not half there."""
    done = subprocess.run([sys.executable, "-c", FULL, tmp_path], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "fine\n", done.stderr
    assert done.stderr.count("go on without it") == 1
    later = Store(tmp_path, 10**8)
    later.put("key 29", b"there is room again")
    assert later.get("before") and later.get("key 29") == b"there is room again"
    assert not later.errors


def test_a_process_killed_while_it_writes(tmp_path: Path) -> None:
    """All that it had put is there, whole."""
    program = (
        "import os, sys; from pathlib import Path; from core.execution.store import Store\n"
        "store = Store(Path(sys.argv[1]), 10**8)\n"
        "for i in range(10**6): store.put('key %d' % (i % 50), b'%04d' % i * 10**4); print(i, flush=True)"
    )
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        for line in writer.stdout:
            if int(line) >= 60:
                break
        os.kill(writer.pid, signal.SIGKILL)
    store = Store(tmp_path, 10**8)
    for i in range(50):
        value = store.get(f"key {i}")
        assert value and value == value[:4] * 10**4 and int(value[:4]) >= i
    assert not store.errors


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the user's cache folder, if they have a home."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/there")
    assert default_folder() == Path("/there/gradient-decay-lab")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/ada")
    assert default_folder() == Path("/home/ada/.cache/gradient-decay-lab")

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert default_folder().is_absolute() and default_folder().name == "gradient-decay-lab"
