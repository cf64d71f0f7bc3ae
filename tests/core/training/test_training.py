"""Training in pieces: the same bits however it is cut, and nobody else's random numbers."""

import dataclasses
import pickle
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.gradients.extras import Extras
from core.gradients.measure import differentiate
from core.parts.losses import Loss
from core.parts.optimisers import OPTIMISERS
from core.training.run import clipped, flat, moved, step_gradient

STEPS = 11
every_optimiser = pytest.mark.parametrize("optimiser", OPTIMISERS)


def bits(value: Any) -> Any:
    """Everything inside a Run as plain comparable values, arrays by their bytes (NaN equals itself)."""
    if dataclasses.is_dataclass(value):
        return tuple(bits(getattr(value, f.name)) for f in dataclasses.fields(value))
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, dict):
        return {key: bits(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [bits(each) for each in value]
    return np.float64(value).tobytes() if isinstance(value, float) else value


def small(optimiser: str = "adam", **training: Any) -> core.Experiment:
    """A run of a few milliseconds, with frames in the middle and at the end."""
    chosen = {"batch": 8, "steps": STEPS, "film_every": 4} | training
    network = core.Recurrent(hidden=4, embedding=3)
    return core.Experiment(network, core.France(gap=2), core.Training(optimiser, **chosen), seed=7)


@cache
def whole(experiment: core.Experiment) -> core.Run:
    """The run in one piece."""
    return core.advance(core.start(experiment), experiment.training.steps)


@every_optimiser
@settings(max_examples=30)
@given(pieces=st.lists(st.integers(0, STEPS), max_size=6))
def test_any_pieces_give_the_same_bits(optimiser: str, pieces: list[int]) -> None:
    """Parameters, optimiser state, film and loss; the last piece asks for more steps than there are."""
    run = core.start(small(optimiser))
    for steps in [*pieces, STEPS + 5]:
        run = core.advance(run, steps)
    assert bits(run) == bits(whole(small(optimiser)))


@pytest.mark.parametrize(
    "experiment",
    [
        core.Experiment(core.Recurrent(cell=cell, hidden=4, layers=2), core.WasWere(gap=3, mixed=True, attractors=1))
        for cell in core.parts.cells.CELLS
    ]
    + [core.Experiment(core.FeedForward(depth=3, width=5, normalisation="batch"), core.Blobs(points=32))],
    ids=lambda experiment: experiment.network.name + getattr(experiment.network, "cell", ""),
)
def test_every_network_resumes(experiment: core.Experiment) -> None:
    """One step at a time, through a pickle after each: what a pool of processes does."""
    experiment = dataclasses.replace(experiment, training=core.Training(batch=8, steps=6, film_every=2))
    run = core.start(experiment)
    for _ in range(6):
        run = pickle.loads(pickle.dumps(core.advance(run, 1)))
    assert bits(run) == bits(whole(experiment))
    assert bits(dict(run.parameters)) != bits(dict(initial(experiment)))


@every_optimiser
def test_advance_leaves_the_run_it_was_given_alone(optimiser: str) -> None:
    """So a piece can be repeated, and thirty students can go on from the same run."""
    middle = core.advance(core.start(small(optimiser)), 5)
    before = bits(middle)
    once = core.advance(middle, 3)
    assert bits(middle) == before
    assert bits(core.advance(middle, 3)) == bits(once)


def test_pickle_round_trip() -> None:
    """A run in the middle, to the bit."""
    run = core.advance(core.start(small("momentum")), 5)
    again = pickle.loads(pickle.dumps(run))
    assert bits(again) == bits(run)
    assert again.experiment == run.experiment


def test_a_done_run_stays_as_it_is() -> None:
    """Asked for more, it gives itself back."""
    run = whole(small())
    assert run.done
    assert core.advance(run, 100) is run


def test_film_and_loss_say_what_happened_when() -> None:
    """A frame before every fourth step and one at the end; one loss per step; the first frame is untrained."""
    run = whole(small())
    assert [frame.step for frame in run.film] == [0, 4, 8, 11]
    assert len(run.loss) == run.step == STEPS
    assert not run.trouble
    np.testing.assert_array_equal(run.film[0].log_norm, core.measure(run.experiment).log_norm)
    np.testing.assert_array_equal(run.film[-1].log_norm, core.measure(run.experiment, run).log_norm)
    assert run.accuracy == run.film[-1].accuracy
    for frame in run.film:
        assert frame.probability.sum() == pytest.approx(1.0, abs=1e-6)
    assert np.isnan(core.start(small()).accuracy)


def test_a_frame_repeats_on_held_out_examples() -> None:
    """Accuracy, loss, probability and radius recomputed from the parameters."""
    run = whole(small())
    frame, batch = run.film[-1], core.held_out(run.experiment)
    inputs, targets = torch.from_numpy(batch.inputs), torch.from_numpy(batch.targets)
    with torch.no_grad():
        logits = core.build(run.experiment, run.parameters)(inputs)
    assert frame.accuracy == (logits.argmax(1) == targets).float().mean()
    assert frame.loss == pytest.approx(float(cross_entropy(logits, targets)))
    np.testing.assert_allclose(frame.probability, logits[0].softmax(0), rtol=1e-6)
    eigenvalues = np.linalg.eigvals(run.parameters["recurrent.weight_hh_l0"])
    assert frame.radius == pytest.approx(max(abs(eigenvalues)), rel=1e-6)


@every_optimiser
def test_steps_are_torchs(optimiser: str) -> None:
    """Oracle: an ordinary training loop in plain torch, clipping included, step for step."""
    rates = {"adam": 0.05, "rmsprop": 0.02}
    experiment = small(optimiser, learning_rate=rates.get(optimiser, 0.5), clip=0.25)
    module = core.build(experiment)
    as_written = {"torch": torch, "weights": module.parameters(), "LEARNING_RATE": experiment.training.learning_rate}
    own = eval(OPTIMISERS[optimiser].script, as_written)
    losses = []
    for step in range(STEPS):
        batch = core.sample(experiment, step)
        own.zero_grad()
        loss = cross_entropy(module(torch.from_numpy(batch.inputs)), torch.from_numpy(batch.targets))
        loss.backward()
        total = torch.sqrt(sum(p.grad.square().sum() for p in module.parameters()))
        for p in module.parameters():
            p.grad *= min(1.0, 0.25 / float(total))
        own.step()
        losses.append(float(loss.detach()))
    run = whole(experiment)
    np.testing.assert_allclose(run.loss, losses, rtol=1e-4)
    for name, parameter in module.named_parameters():
        np.testing.assert_allclose(run.parameters[name], parameter.detach(), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    "network",
    [
        core.Recurrent(hidden=5),
        core.Recurrent(hidden=5, layers=3),
        core.Recurrent(cell="lru"),
        core.Attention(layers=2),
    ],
    ids=["written out", "stack", "chain", "attention"],
)
def test_reach_is_what_arrives_at_the_cue(network: Any) -> None:
    """Of the training batch: ‖∂L/∂h‖ at the cue over that at the last word, by plain autograd through the chain."""
    experiment = core.Experiment(network, core.France(gap=4), core.Training(batch=8, steps=2), seed=3)
    batch = core.sample(experiment, 0)
    weights = {name: torch.from_numpy(values) for name, values in initial(experiment).items()}
    chain = network.chain(weights, torch.from_numpy(batch.inputs))
    state, states = tuple(part.requires_grad_() for part in chain.state), []
    for step in chain.maps:
        state = step(state)
        states.append(state)
    loss = cross_entropy(
        chain.read_out(state)[-1] if chain.positions else chain.read_out(state), torch.from_numpy(batch.targets)
    )
    made = [each[part] for each, part in zip(states, chain.watched, strict=True)]
    found = torch.autograd.grad(loss, made[:1] if chain.positions else made)
    if chain.positions:
        norms = found[0].norm(dim=(0, 2))
    else:
        norms = torch.stack(found).reshape(-1, chain.layers, *found[0].shape).square().sum((1, 2, 3)).sqrt()
    arrived = core.advance(core.start(experiment), 1).reach[0]
    assert arrived == pytest.approx(float(torch.log(norms[batch.cue] / norms[-1])), abs=1e-4)


@pytest.mark.parametrize("longest", [0.0, 1.0, 5.0, 7.0])
def test_clipping_is_torchs(longest: float) -> None:
    """A gradient of length 5: shortened or left alone, never made longer."""
    parameter = torch.zeros(2, requires_grad=True)
    parameter.grad = torch.tensor([3.0, -4.0])
    if longest:
        torch.nn.utils.clip_grad_norm_([parameter], longest)
    np.testing.assert_allclose(clipped(np.float32([3, -4]), longest), parameter.grad, rtol=1e-6)


DROPPING = core.Experiment(
    core.Recurrent(hidden=6, dropout="variational", drop=0.5),
    core.France(gap=2),
    core.Training(batch=8, steps=6),
    seed=7,
)


def test_dropout_resumes() -> None:
    """Its masks depend on seed and step alone."""
    run = core.start(DROPPING)
    for _ in range(6):
        run = core.advance(run, 1)
    assert bits(run) == bits(whole(DROPPING))


def test_every_step_and_every_seed_drops_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same batch and the same weights at eight steps, and with another seed: nine different losses."""
    batch, weights = core.sample(DROPPING), initial(DROPPING)
    monkeypatch.setattr("core.training.run.sample", lambda *_: batch)
    losses = [step_gradient(DROPPING, weights, step)[0] for step in range(8)]
    losses.append(step_gradient(dataclasses.replace(DROPPING, seed=8), weights, 0)[0])
    assert len(set(losses)) == 9


@pytest.mark.parametrize("extra", [{"truncate": 2}, {"sparsity": 0.5}, {"omega": 0.5}], ids=str)
def test_training_adds_what_it_was_told(extra: dict[str, float]) -> None:
    """A shorter memory and each penalty, as ``Extras`` means them."""
    experiment = small(**extra)
    weights, batch = initial(experiment), core.sample(experiment, 2)
    args = experiment.network, weights, batch.inputs, Loss.of(batch.targets)
    expected, plain = (differentiate(*args, extras=extras).parameters for extras in (Extras(**extra), Extras()))
    found = step_gradient(experiment, weights, 2)[2]
    np.testing.assert_allclose(found, flat({name: expected[name] for name in weights}), rtol=0, atol=1e-6)
    assert np.abs(found - flat({name: plain[name] for name in weights})).max() > 1e-3


def test_movement_is_a_share_of_the_initial_weights() -> None:
    """From length 5 by 10."""
    before = np.float32([[3, 4]])
    assert moved(3 * before, before) == pytest.approx(2.0)


def test_omega_trains_where_float32_loses_the_gradient() -> None:
    """Over 60 words δ goes below 10⁻⁴⁵, but the ratios of its lengths are those of float64."""
    experiment = core.Experiment(core.Recurrent(hidden=6, gain=0.01), core.France(gap=60), core.Training(omega=2.0))
    weights, batch = initial(experiment), core.sample(experiment)
    exact = differentiate(
        experiment.network,
        {name: np.float64(values) for name, values in weights.items()},
        batch.inputs,
        Loss.of(batch.targets),
        extras=Extras(omega=2.0),
    ).parameters
    found = step_gradient(experiment, weights, 0)[2]
    np.testing.assert_allclose(found, flat({name: exact[name] for name in weights}), rtol=0, atol=1e-5)


def test_only_the_last_layers_move() -> None:
    """And the read-out: the others and the word vectors keep their bits."""
    network = core.Recurrent(layers=2, hidden=4)
    experiment = core.Experiment(network, core.France(gap=3), core.Training(batch=8, steps=3, train_last=1))
    run = whole(experiment)
    changed = {name for name, values in run.parameters.items() if (values != initial(experiment)[name]).any()}
    assert changed == {name for name in run.parameters if "l1" in name or "readout" in name}


@every_optimiser
def test_a_gradient_whose_square_leaves_float32_does_not_warn(optimiser: str) -> None:
    """Only what becomes of the loss is said."""
    network = core.Recurrent(cell="relu", gain=3.0, initialiser="orthogonal")
    training = core.Training(optimiser, batch=4, steps=3, clip=0.0)
    run = whole(core.Experiment(network, core.France(gap=60), training))
    assert run.trouble or np.isfinite(run.loss).all()


def absurd(network: Any, task: Any, film_every: int, steps: int = 40) -> core.Experiment:
    """SGD with the largest learning rate and no clipping."""
    training = core.Training("sgd", learning_rate=10.0, clip=0.0, steps=steps, film_every=film_every)
    return core.Experiment(network, task, training)


ABSURD = {
    "ReLU RNN": (core.Recurrent(cell="relu"), core.France(gap=4)),
    "ReLU MLP": (core.FeedForward(depth=5, activation="relu", initialiser="he"), core.Blobs()),
}


@pytest.mark.parametrize("film_every", [1, 7])
@pytest.mark.parametrize("which", ABSURD)
def test_a_run_that_blows_up_says_so(which: str, film_every: int) -> None:
    """No exception; done, with the trouble named; every frame that was kept can be drawn, and it can be measured."""
    run = whole(absurd(*ABSURD[which], film_every))
    assert run.done
    assert "blew up" in run.trouble
    assert run.step < 40
    assert len(run.loss) == run.step
    assert np.isfinite(run.loss).all()
    assert core.advance(run, 10) is run
    for frame in run.film:
        assert np.isfinite([frame.loss, frame.accuracy]).all()
        assert np.isfinite(frame.probability).all()
        assert not np.isnan(frame.log_norm).any()
    assert len(core.measure(run.experiment, run).state) == len(run.film[0].log_norm)


@pytest.mark.parametrize("which", ABSURD)
def test_blowing_up_at_the_last_step_is_said_too(which: str) -> None:
    """A run that ends with unusable weights is in trouble even if no step is left to notice it."""
    first = whole(absurd(*ABSURD[which], film_every=500))
    run = whole(absurd(*ABSURD[which], film_every=500, steps=first.step))
    assert run.done
    assert run.trouble
    assert all(np.isfinite(frame.loss) for frame in run.film)


@pytest.mark.parametrize("cell", core.parts.cells.CELLS)
def test_weights_that_are_not_numbers_can_be_measured(cell: str) -> None:
    """A run in trouble is still shown: NaN is named, no exception."""
    experiment = core.Experiment(core.Recurrent(cell=cell, hidden=4), core.France(gap=2))
    run = core.start(experiment)
    broken = {name: np.full_like(values, np.nan) for name, values in run.parameters.items()}
    profile = core.measure(experiment, dataclasses.replace(run, parameters=broken))
    assert set(profile.state) == {"nan"}


# --- random numbers -----------------------------------------------------------------------------------------------

EXPERIMENTS = [small(), core.Experiment(core.FeedForward(depth=3), core.Blobs())]
CALLS: dict[str, Callable[[core.Experiment], Any]] = {
    "build": core.build,
    "sample": lambda experiment: core.sample(experiment, 3),
    "held_out": core.held_out,
    "measure": core.measure,
    "train": lambda experiment: core.advance(core.start(experiment), 3),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: experiment.network.name)
def test_process_wide_random_numbers_are_neither_drawn_nor_seeded(experiment: core.Experiment, call: str) -> None:
    """torch, numpy and Python's own."""

    def state() -> tuple:
        return torch.get_rng_state().numpy().tobytes(), bits(np.random.get_state()), random.getstate()

    before = state()
    CALLS[call](experiment)
    assert state() == before


def test_global_seeds_have_no_influence() -> None:
    """The other direction: whatever other code seeds, the numbers stay."""
    torch.manual_seed(1)
    first = bits(core.advance(core.start(small()), 3))
    torch.manual_seed(2)
    assert bits(core.advance(core.start(small()), 3)) == first


def test_eight_at_once_see_the_same_numbers() -> None:
    """Equal experiments in eight threads, measured and trained, amid one that differs."""
    experiments = [small() for _ in range(8)] + [dataclasses.replace(small(), seed=1)]

    def all_numbers(experiment: core.Experiment) -> list:
        run = core.advance(core.advance(core.start(experiment), 4), 7)
        return [bits(run), bits(core.measure(experiment)), bits(core.measure(experiment, run))]

    with ThreadPoolExecutor(9) as threads:
        *equal, other = threads.map(all_numbers, experiments)
    expected = all_numbers(small())
    assert all(numbers == expected for numbers in equal)
    assert other != expected


@pytest.mark.parametrize("cell", core.parts.cells.CELLS)
def test_fused_and_visible_networks_have_equal_weight_gradients(cell: str) -> None:
    """What training follows (torch's fused module) is what is measured (the chain), in float64."""
    experiment = core.Experiment(core.Recurrent(cell=cell, hidden=6, layers=2, embedding=4), core.France(gap=6), seed=2)
    batch = core.sample(experiment)
    words, targets = torch.from_numpy(batch.inputs), torch.from_numpy(batch.targets)
    module = core.build(experiment).double()
    cross_entropy(module(words), targets).backward()
    weights = {n: torch.from_numpy(np.float64(w)).requires_grad_() for n, w in initial(experiment).items()}
    chain = experiment.network.chain(weights, words)
    state = chain.state
    for step in chain.maps:
        state = step(state)
    visible = torch.autograd.grad(cross_entropy(chain.read_out(state), targets), list(weights.values()))
    for (name, parameter), grad in zip(((n, module.get_parameter(n)) for n in weights), visible, strict=True):
        assert torch.allclose(parameter.grad, grad, rtol=1e-9, atol=1e-15), name
