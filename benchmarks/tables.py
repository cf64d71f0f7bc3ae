"""Prints theory beside measurement for every row of the reference tables, and the largest distances.

    PYTHONPATH=. python benchmarks/tables.py          (part of make bench)

The same functions and rows as in tests/core/theory/test_tables.py, which holds them to their tolerances. For other settings
see benchmarks/theory.py.
"""

import numpy as np
import torch

from core.networks import FeedForward, Recurrent
from tests.core.theory.test_tables import DEPTH, LAYER_ROWS, SEEDS, STEP_ROWS, WIDTH, draw_steps, factor, predicted


def main() -> None:
    """Two tables, each with its largest distances."""
    torch.set_num_threads(1)
    far = np.zeros(2)
    print("factor per layer                                    measured   table  predicted   table")
    for settings, (measured, theory, _) in LAYER_ROWS:
        network = FeedForward(depth=DEPTH, width=WIDTH, **({"initialiser": "xavier"} | settings))
        found, said = factor(network), predicted(network)
        far = np.maximum(far, [abs(found / measured - 1), abs(said / theory - 1)])
        print(f"{'  '.join(map(str, settings.values())):50s}{found:10.3f}{measured:8.3f}{said:11.3f}{theory:8.3f}")
    print(f"largest relative distance: measured {far[0]:.3f}, predicted {far[1]:.4f}\n")
    far = np.zeros(3)
    print("nats per step                                       measured   table   Lyapunov  ρ(mean J)")
    for cell, settings, inputs, biases, slope, _, trusted in STEP_ROWS:
        network = Recurrent(cell=cell, hidden=64, **settings)
        found, exponent, radius = np.transpose([draw_steps(network, inputs, biases, seed) for seed in SEEDS]).mean(1)
        far = np.maximum(far, [abs(found - slope), abs(exponent - found), abs(radius - found) * trusted])
        name = "  ".join([cell, *map(str, settings.values())])
        print(
            f"{name:50s}{found:+10.4f}{slope:+8.3f}{exponent:+11.4f}{radius:+11.4f}{'' if trusted else '  (not claimed)'}"
        )
    print(f"largest distance: measured {far[0]:.4f}, Lyapunov {far[1]:.4f}, ρ of the mean Jacobian {far[2]:.4f}")


if __name__ == "__main__":
    main()
