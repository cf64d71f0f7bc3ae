"""How well ``core.execution.effort`` knows beforehand what a measurement costs: multiplications beside seconds of one core.

    PYTHONPATH=. python benchmarks/effort.py            about half a minute

Five random starts with theory beside them, as on the pages Depth and Time. The last column is this row's time per multiplication
over the median of all rows: 1 where the estimate is as good as it gets, 2 where it takes twice what the others let expect.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import core
from core.execution.effort import multiplications
from core.execution.memory import keep_freed_memory
from core.execution.threads import one_thread
from core.experiment.specs import next_seed

STARTS, ROUNDS = 5, 3


def settings() -> Iterator[tuple[str, core.Experiment]]:
    """Cells and layers, small and large."""
    for cell in ("tanh", "gru", "lstm", "peephole", "mingru"):
        for hidden, layers, length in (
            (8, 1, 60),
            (32, 1, 60),
            (32, 1, 200),
            (16, 4, 400),
            (128, 1, 100),
            (128, 3, 60),
        ):
            network = core.Recurrent(cell=cell, hidden=hidden, layers=layers)
            yield f"{cell} {layers} × {hidden}, {length} steps", core.Experiment(network, core.Noise(length=length))
    for skip in ("none", "residual", "highway"):
        for depth, width in ((30, 64), (100, 64), (100, 16), (100, 128), (30, 256), (100, 256)):
            network = core.FeedForward(depth=depth, width=width, skip=skip)
            yield f"mlp {depth} × {width}, {skip}", core.Experiment(network, core.Blobs())


def seconds(experiment: core.Experiment) -> float:
    """Of this thread's processor time, the least of a few rounds."""
    starts = [replace(experiment, seed=next_seed(experiment.seed, i)) for i in range(STARTS)]
    found = []
    for _ in range(ROUNDS):
        begin = time.thread_time()
        core.measure_many(starts)
        core.predict(experiment)
        found.append(time.thread_time() - begin)
    return min(found)


def main() -> None:
    """Prints the table."""
    one_thread()
    keep_freed_memory()
    rows = [(name, multiplications(each, STARTS + 1), seconds(each)) for name, each in settings()]
    usual = median(took / count for _, count, took in rows)
    for name, count, took in rows:
        print(f"{name:<30}{count:>16,}{1e3 * took:>9.0f} ms{took / count / usual:>8.2f}")
    print(f"{1e-9 / usual:.1f} multiplications in a nanosecond")


if __name__ == "__main__":
    main()
