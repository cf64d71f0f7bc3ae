"""Each illness is found in a network that really has it, with the right numbers, and not in healthy ones."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from patients import CLASSES, INPUTS, WIDTH, Tagger, clouds, record, sequences, stack
from torch import Tensor, nn
from torch.optim import SGD, Adam

from core.diagnosis import AILMENTS, FINE, FOUND, NOTED, UNKNOWN, Check, Diagnosis, diagnose
from core.recording import Recording
from core.wording import LN10
from tests.core.recording.recorded_networks import made


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights in every run, and torch's generator as it was."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield


def check(diagnosis: Diagnosis, ailment: str) -> Check:
    """The check of one ailment."""
    (one,) = [each for each in diagnosis.checks if each.ailment == ailment]
    return one


def ailments(diagnosis: Diagnosis) -> list[str]:
    """What was found, causes first."""
    return [each.ailment for each in diagnosis.found]


def test_vanishing_through_sigmoid_layers() -> None:
    """The share is autograd's own, at a single step; the slow layers are a consequence."""
    model = stack(12, nn.Sigmoid, nn.init.xavier_normal_)
    outputs: list[Tensor] = []
    hooks = [model[i].register_forward_hook(lambda *each: outputs.append(each[2])) for i in (0, 22)]
    first, last = torch.autograd.grad(clouds(model)(0), outputs)
    for hook in hooks:
        hook.remove()
    expected = math.log(first.double().norm() / last.double().norm())
    diagnosis = diagnose(record(model, clouds(model), SGD(model.parameters(), 0.0), steps=1))
    assert check(diagnosis, "vanishing").value == pytest.approx(expected, abs=1e-6)
    diagnosis = diagnose(record(model, clouds(model), SGD(model.parameters(), 0.01)))
    assert ailments(diagnosis)[0] == "vanishing"
    found = check(diagnosis, "vanishing")
    assert found.layers == ("0",)
    assert "“0”" in found.said and "“22”" in found.said and "10⁻" in found.said
    assert check(diagnosis, "exploding").state == FINE
    assert all(each.because == "vanishing" for each in diagnosis.found[1:])


def test_underflow_is_a_zero_with_its_place() -> None:
    """A signal that float32 loses: −∞, never a number, and where it was lost."""
    model = stack(40, nn.Sigmoid, lambda weight: nn.init.normal_(weight, 0.0, 0.02))
    diagnosis = diagnose(record(model, clouds(model), SGD(model.parameters(), 0.1)))
    found = check(diagnosis, "vanishing")
    assert found.state == FOUND and found.value == -math.inf
    assert "exactly nothing" in found.said and "towards the input it is 0" in found.said
    assert check(diagnosis, "dead").state == FINE


def test_exploding_through_layers() -> None:
    """Weights that are too large for the width."""
    model = stack(12, nn.Identity, lambda weight: nn.init.normal_(weight, 0.0, 0.5))
    diagnosis = diagnose(record(model, clouds(model), SGD(model.parameters(), 1e-12)))
    assert ailments(diagnosis)[0] == "exploding"
    assert check(diagnosis, "exploding").value > 3 * LN10
    assert check(diagnosis, "vanishing").state == FINE


def test_vanishing_through_time() -> None:
    """The default RNN: the same half-life as from the states' own gradients."""
    model = Tagger(nn.RNN(4, 16))
    recording = record(model, sequences(model, 50), SGD(model.parameters(), 0.0), steps=1)
    diagnosis = diagnose(recording)
    assert ailments(diagnosis) == ["vanishing_time"]
    found = check(diagnosis, "vanishing_time")
    states: list[Tensor] = [torch.zeros(32, 16, requires_grad=True)]
    inputs: list[Tensor] = []
    model.recurrent.register_forward_pre_hook(lambda _, args: inputs.append(args[0]))
    sequences(model, 50)(0)
    cell = model.recurrent
    for x in inputs[0]:
        states.append(
            torch.tanh(x @ cell.weight_ih_l0.T + cell.bias_ih_l0 + states[-1] @ cell.weight_hh_l0.T + cell.bias_hh_l0)
        )
    random = torch.Generator().manual_seed(2)
    targets = torch.randint(CLASSES, (32,), generator=random)
    loss = nn.functional.cross_entropy(model.head(states[-1]), targets)
    first, last = torch.autograd.grad(loss, [states[1], states[-1]])
    assert found.value == pytest.approx(math.log(first.norm() / last.norm()), abs=1e-4)
    assert "forget" not in " ".join(found.remedies)


def test_an_lstm_is_told_to_open_its_forget_gate() -> None:
    """With torch's start it forgets; with a forget bias of 5 it does not, over the same 40 steps."""
    model = Tagger(nn.LSTM(4, 16))
    diagnosis = diagnose(record(model, sequences(model, 40), Adam(model.parameters(), 1e-3)))
    assert ailments(diagnosis) == ["vanishing_time"]
    assert "forget" in check(diagnosis, "vanishing_time").remedies[0]
    with torch.no_grad():
        model.recurrent.bias_ih_l0[16:32] = 5.0
    diagnosis = diagnose(record(model, sequences(model, 40), Adam(model.parameters(), 1e-3)))
    assert ailments(diagnosis) == []


def test_exploding_through_time() -> None:
    """A ReLU network whose matrix is 1.3 times the identity."""
    model = Tagger(nn.RNN(4, 16, nonlinearity="relu"))
    with torch.no_grad():
        model.recurrent.weight_hh_l0.copy_(1.3 * torch.eye(16))
        model.recurrent.weight_ih_l0.abs_()
    diagnosis = diagnose(record(model, sequences(model, 40, offset=1.0), SGD(model.parameters(), 1e-15)))
    assert "exploding_time" in ailments(diagnosis)
    found = check(diagnosis, "exploding_time")
    assert found.value == pytest.approx(39 * math.log(1.3), rel=0.05)
    assert "doubles every 2.6 steps" in found.said


@pytest.mark.parametrize(("share", "state"), [(1.0, FOUND), (0.9, FOUND), (0.3, FINE), (0.0, FINE)])
def test_dead_units(share: float, state: str) -> None:
    """Some units whose bias holds them at 0 for every example."""
    model = stack(4, nn.ReLU, nn.init.kaiming_normal_)
    with torch.no_grad():
        model[2].bias[: round(share * WIDTH)] = -100.0
    diagnosis = diagnose(record(model, clouds(model), SGD(model.parameters(), 1e-3)))
    found = check(diagnosis, "dead")
    assert found.state == state
    if state == FOUND:
        assert "2" in found.layers and ailments(diagnosis)[0] == "dead"
        assert found.value == pytest.approx(share, abs=0.05)
        assert all(each.because for each in diagnosis.found[1:])


def test_what_is_learned_completely_is_not_dead() -> None:
    """An error that rounds to 0 leaves nearly nothing but zeros: that says nothing of the units."""
    model = stack(4, nn.ReLU, nn.init.kaiming_normal_)
    diagnosis = diagnose(record(model, clouds(model), Adam(model.parameters(), 0.03), steps=200, every=4))
    assert diagnosis.loss is not None and diagnosis.loss[1] < 1e-6
    assert check(diagnosis, "dead").state in (FINE, UNKNOWN)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.Sigmoid])
@pytest.mark.parametrize(("scale", "state"), [(100.0, FOUND), (1.0, FINE)])
def test_saturated_units(activation: type[nn.Module], scale: float, state: str) -> None:
    """Inputs that nobody has normalised. The slope that is let through is the activation's own."""
    model = stack(4, activation, nn.init.xavier_normal_)
    slopes: list[Tensor] = []
    model[1].register_forward_hook(
        lambda _, args, out: slopes.append((1 - out**2) if activation is nn.Tanh else out * (1 - out))
    )
    recording = record(model, clouds(model, scale), SGD(model.parameters(), 1e-6), layers="*")
    diagnosis = diagnose(recording)
    found = check(diagnosis, "saturated")
    assert found.state == state
    assert check(diagnose(_without_types(recording)), "saturated").state == UNKNOWN
    if state == FOUND:
        assert found.layers == ("1",)
        steepest = 1.0 if activation is nn.Tanh else 0.25
        rms = float(slopes[-1].detach().square().mean().sqrt()) / steepest
        assert found.value == pytest.approx(math.log(rms), abs=0.4)  # the gradient weighs the units, the mean does not


def _without_types(recording: Recording) -> Recording:
    return Recording(recording.every, recording.layers, recording.rows, recording.losses, recording.findings)


def test_an_output_may_be_sure_of_itself() -> None:
    """A sigmoid behind the last weights is no finding."""
    model = nn.Sequential(nn.Linear(INPUTS, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 1), nn.Sigmoid())
    with torch.no_grad():
        model[2].bias.fill_(6.0)

    def loss(step: int) -> Tensor:
        return model(torch.ones(8, INPUTS)).mean()

    found = check(diagnose(record(model, loss, SGD(model.parameters(), 1e-3), layers="*")), "saturated")
    assert found.state == FINE and "“1”" in found.said


def test_nan_from_a_learning_rate_that_is_too_large() -> None:
    """Step and place are the recorder's; the growth of the weights says why."""
    model = stack(5, nn.ReLU, nn.init.kaiming_normal_)
    recording = record(model, clouds(model), SGD(model.parameters(), 5.0), every=1)
    diagnosis = diagnose(recording)
    assert ailments(diagnosis)[0] == "nonfinite"
    found = check(diagnosis, "nonfinite")
    assert found.step == recording.findings[0].step and 0 < found.step < 60
    assert found.layers == (recording.findings[0].name,)
    assert str(recording.findings[0]) in found.said
    assert "steps that are too large" in found.said and "learning rate" in found.remedies[0]
    assert "wild" in ailments(diagnosis)


def test_nan_from_the_data() -> None:
    """A good training that meets one bad number: the batch comes first among the remedies."""
    model = stack(4, nn.ReLU, nn.init.kaiming_normal_)
    good = clouds(model)
    diagnosis = diagnose(
        record(
            model, lambda step: good(step) * (math.nan if step == 20 else 1.0), Adam(model.parameters(), 1e-3), every=1
        )
    )
    found = check(diagnosis, "nonfinite")
    assert found.state == FOUND and found.step == 20
    assert "too large" not in found.said and "data" in found.remedies[0]


def test_a_scalers_infinity_passes() -> None:
    """∞ on the way back only, everything finite later on: worth a note."""
    model = stack(3, nn.ReLU)
    good = clouds(model)

    class Skipping(SGD):
        def step(self, closure: None = None) -> None:  # type: ignore[override]
            if all(p.grad is not None and torch.isfinite(p.grad).all() for p in model.parameters()):
                super().step()

    recording = record(
        model, lambda step: good(step) * (math.inf if step == 4 else 1.0), Skipping(model.parameters(), 0.01), every=3
    )
    assert recording.findings
    assert check(diagnose(recording), "nonfinite").state == NOTED


def test_weights_thrown_about() -> None:
    """Adam moves every weight by about the learning rate, whatever the gradient; here there is nothing to be learned."""
    model = stack(4, nn.Tanh)

    def guess(step: int) -> Tensor:
        return nn.functional.cross_entropy(model(torch.randn(64, INPUTS)), torch.randint(CLASSES, (64,)))

    diagnosis = diagnose(record(model, guess, Adam(model.parameters(), 1.0), steps=40, every=1))
    assert ailments(diagnosis)[0] == "wild"
    assert check(diagnosis, "wild").value > math.log(0.1)


def test_layers_that_stand_still() -> None:
    """A learning rate of next to nothing, for one layer or for all; a frozen layer is nobody's mistake."""
    model = stack(4, nn.ReLU, nn.init.kaiming_normal_)
    others = [weights for i in (0, 4, 6) for weights in model[i].parameters()]
    groups = [{"params": model[2].parameters(), "lr": 1e-9}, {"params": others}]
    diagnosis = diagnose(record(model, clouds(model), Adam(groups, 1e-3)))
    assert ailments(diagnosis) == ["still"]
    assert check(diagnosis, "still").layers == ("2",)
    model = stack(4, nn.ReLU, nn.init.kaiming_normal_).double()
    loss = clouds(model)
    diagnosis = diagnose(record(model, _double(loss, model), SGD(model.parameters(), 1e-12)))
    assert ailments(diagnosis) == ["still"] and len(check(diagnosis, "still").layers) == 4
    model = stack(4, nn.ReLU, nn.init.kaiming_normal_)
    model[0].requires_grad_(False)
    assert ailments(diagnose(record(model, clouds(model), Adam(model.parameters(), 1e-3)))) == []


def _double(loss: Callable[[int], Tensor], model: nn.Module) -> Callable[[int], Tensor]:
    model.register_forward_pre_hook(lambda _, args: (args[0].double(),))
    return loss


@pytest.mark.parametrize(("clip", "known", "state"), [(1e-3, True, NOTED), (1e3, True, FINE), (1e-3, False, UNKNOWN)])
def test_clipping(clip: float, known: bool, state: str) -> None:
    """Seen by the optimiser against left by the backward pass."""
    model = stack(3, nn.ReLU)
    diagnosis = diagnose(record(model, clouds(model), Adam(model.parameters(), 1e-3), clip=clip, known=known))
    assert check(diagnosis, "clipped").state == state
    assert ailments(diagnosis) == []
    if state == NOTED:
        assert "100%" in check(diagnosis, "clipped").said


class Block(nn.Module):
    """x + f(x)."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        """(B, n) → (B, n)."""
        return x + self.inner(x)


def residual() -> nn.Module:
    """Ten blocks."""
    return nn.Sequential(nn.Linear(INPUTS, WIDTH), *[Block() for _ in range(10)], nn.Linear(WIDTH, CLASSES))


HEALTHY: dict[str, Callable[[], nn.Module]] = {
    "relu": lambda: stack(8, nn.ReLU, nn.init.kaiming_normal_),
    "tanh": lambda: stack(8, nn.Tanh, nn.init.xavier_normal_),
    "gelu": lambda: stack(5, nn.GELU, nn.init.kaiming_normal_),
    "shallow sigmoid": lambda: stack(3, nn.Sigmoid, nn.init.xavier_normal_),
    "residual": residual,
    "torch's default": lambda: stack(4, nn.ReLU),
}


@pytest.mark.parametrize("layers", [None, "*"])
@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_networks(name: str, optimiser: str, layers: str | None) -> None:
    """They learn, and nothing is found; the numbers are there all the same."""
    model = HEALTHY[name]()
    chosen = Adam(model.parameters(), 2e-3) if optimiser == "adam" else SGD(model.parameters(), 0.01, momentum=0.9)
    diagnosis = diagnose(record(model, clouds(model), chosen, steps=150, every=5, layers=layers))
    assert ailments(diagnosis) == []
    assert diagnosis.loss is not None and diagnosis.loss[1] < 0.9 * diagnosis.loss[0]
    assert {each.ailment for each in diagnosis.of(FINE)} >= {
        "nonfinite",
        "vanishing",
        "exploding",
        "dead",
        "wild",
        "still",
    }
    assert all(
        any(letter.isdigit() for letter in each.said) for each in diagnosis.of(FINE) if each.ailment != "clipped"
    )


@pytest.mark.parametrize("name", ["gpt2", "llama", "transformer", "resnet", "gru", "lstm"])
def test_healthy_networks_that_nobody_here_wrote(name: str) -> None:
    """Real architectures at their own start, on short sequences."""
    model, loss = made(name, steps=6)
    diagnosis = diagnose(record(model, lambda step: loss(), Adam(model.parameters(), 1e-3), steps=30))
    assert ailments(diagnosis) == []


def test_every_ailment_has_one_check_in_order() -> None:
    """Whatever was recorded."""
    model = stack(3, nn.ReLU)
    diagnosis = diagnose(record(model, clouds(model), Adam(model.parameters(), 1e-3)))
    assert [each.ailment for each in diagnosis.checks] == list(AILMENTS)
    assert all(each.said for each in diagnosis.checks)
    assert not np.isnan(check(diagnosis, "wild").value)
