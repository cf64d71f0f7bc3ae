"""What recording costs: a training step with a GradientRecorder over one without, side by side.

    PYTHONPATH=. python benchmarks/recorder.py          (part of make bench)

Each network is trained three times with Adam in turns of ten steps: bare, recorded every tenth step, recorded every step. The
turns alternate, so that a noisy moment hits all three; printed are medians of the ratios within a round. Aim: 1.10 at every = 10.
"""

import statistics
import time
from contextlib import ExitStack

import torch

from core.recording import GradientRecorder
from tests.core.recording.recorded_networks import Step, made

NETWORKS = {  # name → sizes of the batch
    "gpt2": dict(batch=16, steps=32),
    "transformer": dict(batch=16, steps=32),
    "resnet": dict(batch=16, side=32),
    "lstm": dict(batch=32, steps=100),
    "rnn": dict(batch=32, steps=100),
}
EVERY = (None, 10, 1)
TURN, ROUNDS = 10, 11


def main() -> None:
    """One line for each network."""
    torch.set_num_threads(1)
    print(f"{'network':14s}{'weights':>10s}{'ms a step':>11s}{'every 10':>10s}{'every 1':>10s}")
    for name, sizes in NETWORKS.items():
        with ExitStack() as recorders:
            turns = []
            for every in EVERY:
                model, loss = made(name, **sizes)
                optimizer = torch.optim.Adam(model.parameters(), 1e-4)
                if every:
                    recorders.enter_context(GradientRecorder(model, optimizer, every=every))
                turns.append((optimizer, loss))
            rounds = [[turn(*each) for each in turns] for _ in range(ROUNDS + 1)][1:]  # the first warms up
        bare = statistics.median(times[0] for times in rounds) / TURN * 1e3
        ratios = [statistics.median(times[i] / times[0] for times in rounds) for i in (1, 2)]
        weights = sum(parameter.numel() for parameter in model.parameters())
        print(f"{name:14s}{weights:10d}{bare:11.1f}{ratios[0]:10.2f}{ratios[1]:10.2f}")


def turn(optimizer: torch.optim.Optimizer, loss: Step) -> float:
    """Seconds of processor time for ten steps: what other programs take meanwhile does not count."""
    start = time.process_time()
    for _ in range(TURN):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
    return time.process_time() - start


if __name__ == "__main__":
    main()
