"""The recorder changes no number, leaves nothing behind, and names the first NaN or ∞ with its step."""

import copy
import math
import pickle
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_

from core.recording import Finding, GradientRecorder
from core.recording import notebook as notebook_module
from core.recording.watch import Watch
from tests.core.recording.recorded_networks import made

NETWORKS = ["gpt2", "llama", "transformer", "resnet", "lstm", "gru", "rnn"]


def train(
    name: str, steps: int, record: Callable[[nn.Module, torch.optim.Optimizer], GradientRecorder | None]
) -> list[Tensor]:
    """Losses, then everything in the trained model, then the random numbers' state; dropout and BatchNorm at work."""
    model, loss = made(name)
    torch.manual_seed(1)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-2)
    losses = []

    def loop(recorder: GradientRecorder | None) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            losses.append(loss())
            losses[-1].backward()
            clip_grad_norm_(model.parameters(), 0.5)
            optimizer.step()
            if recorder is not None:
                recorder.step(losses[-1])

    recorder = record(model, optimizer)
    if recorder is None:
        loop(None)
    else:
        with recorder:
            loop(recorder)
        assert len(recorder.table())
    return [loss.detach() for loss in losses] + list(model.state_dict().values()) + [torch.get_rng_state()]


@pytest.mark.parametrize("name", NETWORKS)
def test_training_is_the_same_to_the_last_bit(name: str) -> None:
    """With every step recorded, some recorded, all modules recorded, and with no optimizer given."""
    with torch.random.fork_rng():
        bare = train(name, 4, lambda model, optimizer: None)
        ways = [
            lambda model, optimizer: GradientRecorder(model, optimizer),
            lambda model, optimizer: GradientRecorder(model, every=3, layers="*"),
        ]
        for way in ways:
            assert all(torch.equal(a, b) for a, b in zip(bare, train(name, 4, way), strict=True))


def hooks_of(model: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """How many hooks hang on modules, parameters and optimiser."""
    places: list[Any] = [optimizer._optimizer_step_pre_hooks, optimizer._optimizer_step_post_hooks]
    for module in model.modules():
        places += [value for name, value in vars(module).items() if "hooks" in name and isinstance(value, dict)]
    for parameter in model.parameters():
        places += [parameter._backward_hooks, getattr(parameter, "_post_accumulate_grad_hooks", None)]
    return sum(len(place) for place in places if place)


@pytest.mark.parametrize("fails", [False, True])
def test_every_hook_goes_even_after_an_error(fails: bool) -> None:
    """In the middle of a step, between forward and backward; a backward pass afterwards reaches nobody."""
    model, loss = made("lstm")
    optimizer = torch.optim.Adam(model.parameters())
    before = hooks_of(model, optimizer)
    recorder = GradientRecorder(model, optimizer)
    with pytest.raises(ZeroDivisionError) if fails else recorder:
        with recorder if fails else torch.enable_grad():
            assert hooks_of(model, optimizer) > before
            loss().backward()
            optimizer.step()
            late = loss()
            if fails:
                raise ZeroDivisionError
    assert hooks_of(model, optimizer) == before
    rows = len(recorder.table())
    late.backward()
    assert len(recorder.table()) == rows > 0


def test_a_recorder_can_go_on_where_it_stopped() -> None:
    """Leaving and entering again continues the count of steps."""
    model, loss = made("lstm")
    optimizer = torch.optim.Adam(model.parameters())
    recorder = GradientRecorder(model, optimizer, every=2)
    for _ in range(3):
        with recorder:
            loss().backward()
            optimizer.step()
    assert recorder.recording().steps.tolist() == [0, 2]


def test_a_copy_of_the_model_is_not_recorded() -> None:
    """Averaged weights are often a deepcopy made during training; saved models take no recorder along."""
    model, loss = made("lstm")
    with GradientRecorder(model) as recorder:
        loss().backward()
        recorder.step()
        rows = len(recorder.table())
        for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            twin(torch.zeros(2, 3, dtype=torch.long)).sum().backward()
            recorder.step()
            assert len(recorder.table()) == rows


class Token:
    """Something to hang on a graph's node."""


@pytest.mark.parametrize("name", ["gpt2", "transformer", "resnet", "lstm", "rnn"])
def test_no_graph_is_kept_alive(name: str) -> None:
    """Once the user lets go of a loss its graph is gone, without garbage collection; also if it never ran backwards."""
    model, loss = made(name)
    optimizer = torch.optim.Adam(model.parameters())
    alive = []

    def marked() -> Tensor:
        value, token = loss(), Token()
        node = value.grad_fn
        while (
            node.next_functions
            and node.next_functions[0][0] is not None
            and "Accumulate" not in node.next_functions[0][0].name()
        ):
            node = node.next_functions[0][0]
        node.metadata["token"] = token  # on the deepest node along the first inputs
        alive.append(weakref.ref(token))
        return value

    with GradientRecorder(model, optimizer):
        value = marked()
        value.backward()
        optimizer.step()
        assert alive[0]() is not None  # or the check could not fail
        del value
        assert alive[0]() is None
        marked()
        assert alive[1]() is None


class Steps(nn.Module):
    """Three layers with a function of the test's choosing in the middle."""

    def __init__(self, middle: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.first, self.middle, self.last = nn.Linear(3, 4), Apply(middle), nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3) → (B, 1)."""
        return self.last(self.middle(self.first(x)))


class Apply(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        """The function of x."""
        return self.function(x)


def spoil(
    middle: Callable[[Tensor, int], Tensor], every: int, rate: Callable[[int], float] = lambda step: 0.01
) -> GradientRecorder:
    """Ten steps with a middle that depends on the step, and a learning rate that does; clipped where the rate is small."""
    step = 0
    torch.manual_seed(0)
    net = Steps(lambda x: middle(x, step))
    optimizer = torch.optim.SGD(net.parameters(), 0.01)
    with GradientRecorder(net, optimizer, every=every) as recorder:
        for step in range(10):
            optimizer.param_groups[0]["lr"] = rate(step)
            optimizer.zero_grad()
            net(torch.ones(2, 3)).sum().backward()
            if rate(step) < 1:
                clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
    return recorder


@pytest.mark.parametrize("every", [1, 4, 100])
def test_first_in_the_forward_pass(every: int, caplog: pytest.LogCaptureFixture) -> None:
    """log 0 in step 7, whether that step is recorded or not. The clipping that spreads NaN to all weights misleads nobody."""
    recorder = spoil(lambda x, step: (x * (step != 7)).log() if step == 7 else x, every)
    assert recorder.findings[0] == Finding(7, "forward", "middle", "∞")
    sentence = "Step 7: going forwards, the output of “middle” is the first that is not finite: it holds ∞."
    assert str(recorder.findings[0]) == sentence
    assert caplog.messages[0] == sentence


@pytest.mark.parametrize(("every", "where", "name"), [(1, "backward", "first"), (4, "gradient", "first.weight")])
def test_first_in_the_backward_pass(every: int, where: str, name: str) -> None:
    """√0: the forward pass is finite. A recorded step knows the layer's output, any other the weights."""
    recorder = spoil(lambda x, step: (x * 0).abs().sqrt() if step == 7 else x, every)
    found = recorder.findings[0]
    assert (found.step, found.where, found.name.removesuffix(".bias").removesuffix(".weight")) == (7, where, "first")
    assert name.startswith("first") and found.value == "NaN"


@pytest.mark.parametrize("every", [1, 4])
def test_first_in_the_update(every: int) -> None:
    """A learning rate at the end of float32: outputs and gradients were finite."""
    recorder = spoil(lambda x, step: x, every, lambda step: 3e38 if step == 7 else 0.01)
    found = recorder.findings[0]
    assert (found.step, found.where) == (7, "update")
    assert "after the update the weights" in str(found)
    assert [finding.step for finding in recorder.findings] == sorted(finding.step for finding in recorder.findings)


def test_what_is_large_but_finite_is_no_finding() -> None:
    """Sums and norms that overflow; masks of the lowest number; masks of −∞ that no gradient comes back through."""
    lowest = torch.finfo(torch.float32).min
    net = Steps(lambda x: x.clamp(-1, 1))
    with torch.no_grad():
        net.first.weight.fill_(1e30)
    with GradientRecorder(net, layers="*") as recorder:
        mask = Apply(lambda x: torch.full((2, 2), -math.inf))
        mask(net(torch.ones(2, 3)))
        net(torch.ones(2, 3)).sum().backward()
        recorder.step()
    assert recorder.findings == ()
    watch = Watch()
    watch.look("forward", "mask", torch.full((1000,), lowest))
    watch.look_at_all("update", {"a": torch.full((1000,), 1e30), "b": torch.ones(2, dtype=torch.complex64)})
    watch.catch_up()
    assert watch.findings == []


def test_a_watch_that_waits_finds_the_same() -> None:
    """Where asking is costly (any tensor but a real one on a CPU) looks are put off; the first in time still is the first."""
    watch = Watch()
    for watch.step, value in enumerate([1.0, math.inf, math.nan]):
        watch.look("forward", f"module {watch.step}", torch.full((2,), value, dtype=torch.complex64))
        watch.look("backward", "later", torch.full((2,), value, dtype=torch.complex64))
    assert watch.findings == []
    watch.catch_up()
    assert watch.findings == [Finding(1, "forward", "module 1", "∞")]


def test_a_step_that_fails_is_kept() -> None:
    """Clipping that refuses NaN ends the training: what is known of that step is in the table."""
    net = Steps(lambda x: (x * 0).abs().sqrt())
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    recorder = GradientRecorder(net, optimizer)
    with pytest.raises(RuntimeError, match="non-finite"), recorder:
        net(torch.ones(2, 3)).sum().backward()
        clip_grad_norm_(net.parameters(), 1.0, error_if_nonfinite=True)
    table = recorder.table()
    assert set(table.kind) == {"output", "gradient"}
    first = table[(table.layer == "first") & (table.kind == "gradient")]
    assert first.state.item() == "nan"
    assert first.nonfinite.item() == first["size"].item() == 16
    assert recorder.findings[0].name == "first"


def test_a_full_recording_says_so(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Whole steps only, and training goes on."""
    monkeypatch.setattr(notebook_module, "MOST_ROWS", 30)
    model, loss = made("lstm")
    optimizer = torch.optim.Adam(model.parameters())
    with GradientRecorder(model, optimizer, layers="head") as recorder:
        for _ in range(10):
            loss().backward()
            optimizer.step()
    assert recorder.recording().steps.tolist() == list(range(6))
    assert len(recorder.table()) == 30
    assert "full (30 rows) and ends before step 6" in caplog.text
