"""Counters in Prometheus' format: the scheduler's, the room's, the process's."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pages.server.doors import Doors
from pages.server.room import ROOM

MEANING = {
    "students": "People who wait for something at the moment",
    "runs_active": "Trainings and calls that take turns",
    "runs_waiting": "Trainings and calls in the queue behind them",
    "runs_parked": "Trainings that nobody looks at, kept where they are",
    "workers": "Calls that are worked on at a time",
    "pieces_total": "Pieces of trainings done",
    "pieces_failed_total": "Pieces and calls that failed",
    "steps_total": "Training steps done",
    "answers_total": "Single calls done",
    "memory_hits_total": "Requests for a training or call that was known",
    "store_hits_total": "Trainings found on disk",
    "store_misses_total": "Trainings looked for on disk in vain",
    "store_errors_total": "Times that the disk did not play along",
    "store_bytes": "Bytes on disk",
    "worker_restarts_total": "Workers that died and were replaced",
    "open_pages": "Pages that have a seat",
    "connections": "Pages that are connected; those who wait outside a full room, too",
    "refused_total": "Visits to a full room, each knock counted",
    "memory_bytes": "Resident memory of the server's process",
}
_PIECE = "gdl_piece_seconds", "How long workers took for a piece or a call"
_BUCKETS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 1, 2, 5, 10, 30)

REGISTRY = CollectorRegistry()
observe_piece = Histogram(*_PIECE, buckets=_BUCKETS, registry=REGISTRY).observe


def readings(counts: Callable[[], dict[str, float]]) -> dict[str, float]:
    """Returns all numbers of this moment by name."""
    room = {"open_pages": ROOM.taken, "connections": Doors.open, "refused_total": ROOM.refused}
    return counts() | room | {"memory_bytes": _resident()}


class _Readings(Collector):
    def __init__(self, counts: Callable[[], dict[str, float]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """Yields one family a number; those that only grow are counters."""
        for name, value in readings(self._counts).items():
            kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            yield kind(f"gdl_{name.removesuffix('_total')}", MEANING.get(name, name), value=value)


def follow(counts: Callable[[], dict[str, float]]) -> None:
    """Takes the numbers from now on from what ``counts`` gives."""
    REGISTRY.register(_Readings(counts))


def exposition() -> bytes:
    """Returns the text that Prometheus reads."""
    return generate_latest(REGISTRY)


def _resident() -> float:
    try:
        return float(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:  # not on Linux
        return float("nan")
