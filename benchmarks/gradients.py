"""How fast the science core is, as ratios to what a user would pick instead, measured turn by turn in one run.

"Fused step" is a plain forward and backward pass of torch.nn.RNN, GRU or LSTM with a read-out and a loss that records
nothing: 32 hidden units, 16 inputs, batch 32, 100 steps, float32, one thread.

    python benchmarks/gradients.py            about two minutes
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

import core
from core.execution.memory import keep_freed_memory
from core.execution.pool import local_pool
from core.experiment.sampling import initial
from core.gradients.measure import differentiate, side_by_side
from core.instruments.itemised import itemised
from core.parts.losses import Loss
from core.parts.optimisers import OPTIMISERS
from core.training.run import Flat, clipped, flat

STEPS, BATCH = 100, 32
FUSED = {"tanh": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
Job = Callable[[], object]


def turn_by_turn(jobs: Mapping[str, Job], rounds: int = 30) -> dict[str, float]:
    """Median seconds of each job, all of them once in every round."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    for _ in range(rounds):
        for name, job in jobs.items():
            begin = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - begin)
    return {name: median(each) for name, each in times.items()}


def row(what: str, ratio: float, bar: str, unit: str = "fused steps") -> None:
    """One line of the table."""
    print(f"{what:<62} {ratio:8.2f} {unit:<24} (bar {bar})", flush=True)


def setting(cell: str = "tanh", length: int = STEPS, **network: float) -> core.Experiment:
    """The network and data of every row."""
    return core.Experiment(core.Recurrent(cell=cell, **network), core.Noise(length=length), core.Training(batch=BATCH))


def fused_step(experiment: core.Experiment, optimiser: bool = False, batch: int = BATCH) -> Job:
    """A plain training step in torch; with ``optimiser`` Adam moves the weights."""
    module = core.build(experiment)
    data = core.sample(experiment, size=batch)
    inputs, targets = torch.from_numpy(data.inputs).float(), torch.from_numpy(data.targets)
    adam = torch.optim.Adam(module.parameters(), lr=1e-3)

    def step() -> None:
        adam.zero_grad()
        cross_entropy(module(inputs), targets).backward()
        if optimiser:
            nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            adam.step()

    return step


def own_profile(experiment: core.Experiment, parameters: bool = True) -> Job:
    """Profile and gradients of all parameters, float32."""
    weights, batch = initial(experiment), core.sample(experiment)
    inputs, loss = batch.inputs.astype(np.float32), Loss.of(batch.targets)
    return lambda: differentiate(experiment.network, weights, inputs, loss, parameters=parameters)


def own_training_step(experiment: core.Experiment) -> Job:
    """The same with clipping and Adam; the profile of every step is at hand."""
    weights, batch = Flat(initial(experiment)), core.sample(experiment)
    inputs, loss = batch.inputs.astype(np.float32), Loss.of(batch.targets)
    slots: dict[str, np.ndarray] = {}
    kept: list[np.ndarray] = []
    count = 0

    def step() -> None:
        nonlocal slots, count
        found = differentiate(experiment.network, weights.parameters, inputs, loss, rescale=0)
        gradient = clipped(flat({name: found.parameters[name] for name in weights.parameters}), 1.0)
        direction, slots = OPTIMISERS["adam"].step(gradient, slots, count)
        weights.vector -= np.float32(1e-3) * direction
        kept.append(found.log_norm)
        count += 1

    return step


def profiles() -> None:
    """Rows 1 and 2."""
    for cell, bar in (("tanh", ".5"), ("gru", ".5"), ("lstm", "1.5")):
        experiment = setting(cell)
        found = turn_by_turn({"fused": fused_step(experiment), "own": own_profile(experiment)})
        row(f"profile with parameter gradients, {cell}", found["own"] / found["fused"], bar)
    for cell, bar in (("tanh", ".5"), ("gru", ".5"), ("lstm", "1.5")):
        experiment = setting(cell)
        found = turn_by_turn({"fused": fused_step(experiment, True), "own": own_training_step(experiment)})
        row(f"training step with Adam, profile kept, {cell}", found["own"] / found["fused"], bar, "fused + Adam")


def log_domain() -> None:
    """Row 3: how far it goes, how exact it is against float64 rescaled at every step."""
    for cell in FUSED:
        # noise of 400 steps is the longest task: three copies one after the other are data enough
        experiment = setting(cell, length=334, forget_bias=0.0)
        batch, weights = core.sample(experiment), initial(experiment)
        inputs = np.concatenate([batch.inputs] * 3, axis=1)[:, :1000].astype(np.float32)
        loss, network = Loss.of(batch.targets), experiment.network
        module = core.build(experiment)
        given, targets = torch.from_numpy(inputs), torch.from_numpy(batch.targets)

        def plain(module: nn.Module = module, given: torch.Tensor = given, targets: torch.Tensor = targets) -> None:
            module.zero_grad()
            cross_entropy(module(given), targets).backward()

        def own(
            network: core.Recurrent = network,
            weights: dict[str, np.ndarray] = weights,
            inputs: np.ndarray = inputs,
            loss: Loss = loss,
        ) -> np.ndarray:
            return differentiate(network, weights, inputs, loss, parameters=False).log_norm[0]

        exact_weights = {name: values.astype(float) for name, values in weights.items()}
        exact = differentiate(network, exact_weights, inputs.astype(float), loss, parameters=False, rescale=1)
        error = np.abs(own() - exact.log_norm[0]).max() / np.log(10)
        found = turn_by_turn({"plain": plain, "own": own}, rounds=10)
        depth = exact.log_norm[0].min() / np.log(10)
        row(f"log-domain profile, T = 1000, {cell}", found["own"] / found["plain"], ".5", "plain steps at that T")
        print(f"    reaches 10^{depth:.0f}; float32 errs by {error:.1e} decades (bar 2e-5)")


def maps() -> None:
    """Row 4."""
    experiment = setting("tanh")
    weights, batch = initial(experiment), core.sample(experiment, size=16)
    network, inputs = experiment.network, batch.inputs.astype(np.float32)
    tensors = {name: torch.from_numpy(values).requires_grad_() for name, values in weights.items()}
    targets = torch.from_numpy(batch.targets)
    chain = network.chain(tensors, torch.from_numpy(inputs))
    states = [chain.state]
    for step in chain.maps:
        states.append(step(states[-1]))
    losses = [cross_entropy(chain.read_out(state), targets) for state in states[1:]]

    def passes() -> None:  # each to the states alone: gradients of the weights would double the work
        for t, loss in enumerate(losses):
            torch.autograd.grad(loss, [state[0] for state in states[1 : t + 2]], retain_graph=True)

    pairs = [(t, k) for t in range(STEPS) for k in range(t + 1)]
    some = [pairs[i] for i in np.random.default_rng(0).permutation(len(pairs))[:100]]

    def sampled_pairs() -> None:
        for t, k in some:
            torch.autograd.grad(losses[t], [states[k + 1][0]], retain_graph=True)

    found = turn_by_turn(
        {
            "fused": fused_step(experiment),
            "own": lambda: itemised(network, weights, inputs, batch.targets),
            "passes": passes,
            "pairs": sampled_pairs,
        },
        rounds=7,
    )
    row("T×T map, T = 100, B = 16, tanh", found["own"] / found["fused"], "2.5")
    row("  faster than T backward passes", found["passes"] / found["own"], "at least 8", "times")
    every = found["pairs"] * len(pairs) / len(some)
    row("  faster than one call per pair (from 100 of 5050)", every / found["own"], "at least 400", "times")


def sweeps() -> None:
    """Row 5: spectral radius × gain of the inputs' matrix, as one network of 400."""
    base = setting("tanh")
    batch = core.sample(base, size=16)
    each = []
    for radius in np.linspace(0.2, 2.0, 20):
        drawn = initial(replace(base, network=replace(base.network, radius=float(radius))))
        for gain in np.linspace(0.2, 2.0, 20):
            each.append(drawn | {"recurrent.weight_ih_l0": gain * drawn["recurrent.weight_ih_l0"]})
    weights = {name: values.astype(np.float32) for name, values in side_by_side(each).items()}
    inputs = np.broadcast_to(batch.inputs.astype(np.float32), (len(each), *batch.inputs.shape))
    loss = Loss(np.broadcast_to(batch.targets, (len(each), 16)))
    one = {name: values[0] for name, values in weights.items()}
    alone = Loss.of(batch.targets)
    found = turn_by_turn(
        {
            "fused": fused_step(base),
            "own": lambda: differentiate(base.network, weights, inputs, loss, parameters=False),
            "single": lambda: differentiate(base.network, one, inputs[0], alone, parameters=False),
        },
        rounds=7,
    )
    row("sweep 20×20 (radius × gain), T = 100, B = 16", found["own"] / found["fused"], "25")
    row("  faster than 400 of our own profiles one by one", 400 * found["single"] / found["own"], "-", "times")


def other_cells() -> None:
    """Row 6: cells without a written-out recursion against the plain Python loop over the same cell."""
    for name, network in {
        "LayerNorm tanh": core.Recurrent(recurrent_norm="layer"),
        "LayerNorm LSTM": core.Recurrent(cell="lstm", recurrent_norm="layer"),
        "variational dropout tanh": core.Recurrent(dropout="variational"),
        "peephole LSTM": core.Recurrent(cell="peephole"),
    }.items():
        experiment = replace(setting(), network=network)
        weights, batch = initial(experiment), core.sample(experiment)
        inputs, targets = torch.from_numpy(batch.inputs).float(), torch.from_numpy(batch.targets)

        def loop(
            experiment: core.Experiment = experiment,
            weights: dict[str, np.ndarray] = weights,
            inputs: torch.Tensor = inputs,
            targets: torch.Tensor = targets,
        ) -> None:
            own = {name: torch.from_numpy(values).requires_grad_() for name, values in weights.items()}
            logits = experiment.network.chain(own, inputs, torch.Generator().manual_seed(0)).logits()
            cross_entropy(logits, targets).backward()

        def profile(
            network: core.Recurrent = network, weights: dict[str, np.ndarray] = weights, batch: core.Batch = batch
        ) -> None:
            noise = torch.Generator().manual_seed(0)
            differentiate(network, weights, batch.inputs, Loss.of(batch.targets), noise=noise)

        found = turn_by_turn({"loop": loop, "own": profile}, rounds=15)
        row(f"profile with parameter gradients, {name}", found["own"] / found["loop"], "1.1", "plain Python loops")


def worker() -> None:
    """Row 7: what one more worker costs, once the server that it is forked from is there."""
    pool = local_pool(1)
    pool.submit(os.getpid).result()
    begin = time.perf_counter()
    more = local_pool(1)
    pid = more.submit(os.getpid).result()
    ready = time.perf_counter() - begin
    run = core.start(setting("lstm"))
    more.submit(core.advance, run, 50).result()
    with open(f"/proc/{pid}/smaps_rollup") as file:
        own = sum(int(line.split()[1]) for line in file if line.startswith("Private")) / 1024
    row("a worker that trains classic cells: memory of its own", own, "60", "MB")
    row("a worker: ready after", ready, ".3", "s")
    pool.shutdown()
    more.shutdown()


if __name__ == "__main__":
    torch.set_num_threads(1)
    keep_freed_memory()  # as the app and its workers do; both sides of every ratio profit
    wanted = sys.argv[1:]
    for part in (profiles, log_domain, maps, sweeps, other_cells, worker):
        if not wanted or part.__name__ in wanted:
            part()
