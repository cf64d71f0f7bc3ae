"""A real Dask cluster on this machine for tests: processes that can be killed, and that end with the test."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from test_pool import PATIENCE

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
# They give up by themselves if nobody is left to stop them.
SCHEDULER = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0", "--idle-timeout", "600 seconds")
WORKER = ("--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard", "--death-timeout", "300")


class Cluster:
    """A scheduler at an address of its own, and any number of workers.

    code: the folder that has ``core``; a copy, if somebody might change it while the test is running.
    """

    def __init__(self, folder: Path, code: Path = ROOT) -> None:
        self._folder = folder
        self._code = code
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._all: list[subprocess.Popen[bytes]] = []
        self._nannies: list[subprocess.Popen[bytes]] = []
        self.start_scheduler()

    def start_scheduler(self) -> None:
        """At the same address as before. It leaves it to the app to ask again for what a worker has died under."""
        self.scheduler = self._start("dask_scheduler", *SCHEDULER, "--port", str(self.port))

    def start_worker(self, *options: str) -> "subprocess.Popen[bytes]":
        """One process with one thread; options: of ``dask worker``, for one ``--nanny``."""
        nanny = "--nanny" if "--nanny" in options else "--no-nanny"
        place = ("--local-directory", str(self._folder))
        process = self._start("dask_worker", self.address, *WORKER, *place, *options, nanny)
        if nanny == "--nanny":
            self._nannies.append(process)
        return process

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """SIGKILL."""
        process.kill()
        process.wait()

    def close(self) -> None:
        """Ends them all. A nanny is asked to, so that it takes its worker along."""
        for process in self._nannies:
            process.terminate()
            process.wait(PATIENCE)
        for process in self._all:
            self.stop(process)

    def _start(self, module: str, *words: str) -> "subprocess.Popen[bytes]":
        environment = os.environ | {"PYTHONPATH": f"{self._code}{os.pathsep}{HERE}"}
        environment["DASK_DISTRIBUTED__WORKER__PRELOAD"] = "core.execution.remote"
        environment["DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"] = "0"
        with (self._folder / f"{len(self._all)}-{module}.log").open("wb") as log:
            command = [sys.executable, "-m", f"distributed.cli.{module}", *words]
            process = subprocess.Popen(command, cwd=self._code, env=environment, stdout=log, stderr=log)
        self._all.append(process)
        return process


def copied(folder: Path) -> Path:
    """The folder, with a copy of ``core`` in it."""
    shutil.copytree(ROOT / "core", folder / "core", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def free_port() -> int:
    """Where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
