"""Lists as networks: built as written, trained on a task that fits, recorded; equal lists give equal numbers."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from core import Training
from core.fields import SpecError
from core.layer_list.descent import Descent
from core.layer_list.modules import build_list
from core.layer_list.practice import practise
from core.layer_list.reading import read_list
from core.parts.optimisers import OPTIMISERS

ROOT = Path(__file__).parents[3]
QUICK = Training(optimiser="adam", learning_rate=3e-3, steps=30, clip=0.0, batch=32)


def built(text: str, length: int = 10) -> tuple[nn.Module, object]:
    """Module and task, with torch's generator put back."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return build_list(read_list(text), length, 0)


LISTS = {  # list → what the read-out is made of, flow, classes
    "linear 8 relu linear 64": ("points", 4),
    "linear 8 relu linear 3": ("points", 3),
    "scale 10 layernorm linear 8 batchnorm dropout": ("points", 4),
    "conv1d 4 k5 batchnorm relu maxpool conv1d 8 s2 relu avgpool 3 linear 16 gelu": ("signal", 4),
    "conv1d 4 relu linear 5": ("signal", 5),
    "rnn 8": ("sequence", 4),
    "linear 8 relu gru 8 layernorm lstm 6 x2 f2 linear 7": ("sequence", 7),
    "embedding 5 lstm 8": ("sequence", 4),
    "embedding 5 linear 8 tanh": ("sequence", 4),
    "residual { linear 16 tanh linear 16 } residual { residual { layernorm linear 16 } }": ("points", 4),
    "lstm 8 residual { gru 8 } linear 9": ("sequence", 9),
    "nn.Sequential(nn.Linear(784, 32), nn.Sigmoid(), nn.Linear(32, 10))": ("points", 10),
    "nn.Sequential(nn.Embedding(100, 8), nn.GRU(8, 16, batch_first=True), nn.Linear(16, 2))": ("sequence", 2),
}


@pytest.mark.parametrize("text", LISTS)
def test_lists_are_built_trained_and_recorded(text: str) -> None:
    """The read-out has the task's answers, all layers with weights have a signal, and the loss is a number."""
    model, toy = built(text)
    flow, classes = LISTS[text]
    assert (toy.flow, toy.classes) == (flow, classes)
    inputs, targets = toy.batch(0, 0, 32)
    assert model(inputs).shape == (32, classes)
    assert set(targets.tolist()) <= set(range(classes))
    practice = practise(text, QUICK, 10, 0)
    recording = practice.recording
    assert practice.steps == 30 and np.isfinite([loss for _, loss in recording.losses]).all()
    signalled = {recording.layers[i] for i in recording.rows["layer"][recording.rows["kind"] == 0]}
    assert {name.rpartition(".")[0] for name, _ in model.named_parameters()} <= signalled


def test_the_numbers_of_a_list_arrive() -> None:
    """Sizes, stacked layers, forget bias (torch's two together), kernels, the way around."""
    model, _ = built("linear 8 tanh lstm 6 x2 f3 linear 5")
    lstm = model.lstm3
    assert (lstm.input_size, lstm.hidden_size, lstm.num_layers) == (8, 6, 2)
    for layer in (0, 1):
        both = getattr(lstm, f"bias_ih_l{layer}") + getattr(lstm, f"bias_hh_l{layer}")
        assert both[6:12].tolist() == [3.0] * 6 and both[0] != 3.0
    model, _ = built("conv1d 4 k5 s2 linear 3")
    assert (model.conv1d1.kernel_size, model.conv1d1.stride) == ((5,), (2,))
    model, toy = built("residual { linear 16 }")
    x, _ = toy.batch(0, 0, 4)
    inner = model.residual1.linear1
    assert torch.equal(model.residual1(x), x + inner(x))


def test_the_last_step_and_the_mean() -> None:
    """Where a sequence or a signal becomes one vector."""
    model, toy = built("rnn 5 linear 3")
    x, _ = toy.batch(0, 0, 4)
    assert torch.equal(model(x), model.linear2(model.rnn1(x)[0][:, -1]))
    model, toy = built("conv1d 5 linear 3")
    x, _ = toy.batch(0, 0, 4)
    assert torch.equal(model(x), model.linear2(model.conv1d1(x).mean(2)))


def test_initialisers_draw_all_matrices() -> None:
    """Orthogonal ones are; a recurrent layer's gates each by themselves; biases, norms and embeddings stay."""
    model, _ = built("init orthogonal linear 16 layernorm lstm 8")
    columns = model.linear1.weight.T @ model.linear1.weight
    assert torch.allclose(columns, torch.eye(4), atol=1e-5)
    for gate in model.lstm3.weight_hh_l0.detach().chunk(4):
        assert torch.allclose(gate @ gate.T, torch.eye(8), atol=1e-5)
    assert model.layernorm2.weight.tolist() == [1.0] * 16
    model, _ = built("init normal .25 linear 256 linear 256")
    assert float(model.linear2.weight.detach().std()) == pytest.approx(0.25, rel=0.02)


MISFITS = [
    ("conv1d 4 lstm 4", "in one list"),
    ("layernorm conv1d 4", "layer 1 .layernorm. can't read a signal"),
    ("batchnorm lstm 4", "layer 1 .batchnorm. can't read a sequence"),
    ("linear 4 embedding 4", "reads words"),
    ("embedding 4 embedding 4", "reads words"),
    ("residual { linear 4 }", "must keep the size, 16"),
    ("conv1d 4 residual { maxpool }", "must keep the size"),
    ("nn.Sequential(nn.Linear(16, 8), nn.Linear(4, 2))", "layer 2 .linear. is said to take 4 inputs, but gets 8"),
    ("nn.Sequential(nn.Embedding(3, 8), nn.Linear(8, 5))", "more words"),
    ("linear 1024 repeat 100 { linear 1024 }", "too large to be trained here"),
]


@pytest.mark.parametrize(("text", "says"), MISFITS)
def test_what_does_not_fit_is_said(text: str, says: str) -> None:
    """With the layer's number."""
    with pytest.raises(SpecError, match=says):
        practise(text, QUICK, 10, 0)


def test_equal_lists_give_equal_numbers() -> None:
    """Bit for bit, dropout included; another seed gives others; torch's own generator is left where it was."""
    torch.manual_seed(123)
    before = torch.random.get_rng_state()
    one, same, other = (practise("linear 8 dropout relu", QUICK, 10, seed).recording for seed in (0, 0, 1))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert one.losses == same.losses != other.losses
    assert np.array_equal(one.rows, same.rows)


def test_a_list_learns_its_task() -> None:
    """Which proves that the targets are in the inputs."""
    for text in ("linear 32 relu", "conv1d 16 k5 relu conv1d 16 k5 relu", "gru 16", "embedding 8 gru 16"):
        training = Training(optimiser="adam", learning_rate=1e-2, steps=150, clip=0.0)
        losses = practise(text, training, 4, 0).recording.losses
        assert losses[-1][1] < 0.4 < losses[0][1]


def test_a_blow_up_is_recorded_step_by_step() -> None:
    """Stopped soon, every step in the recording, and said."""
    practice = practise(
        "init he repeat 6 { linear 64 relu }", Training(optimiser="sgd", learning_rate=5.0, steps=200, clip=0.0), 10, 0
    )
    assert practice.steps < 20
    assert practice.recording.steps.tolist() == list(range(practice.steps))
    assert practice.recording.findings and "stopped after" in practice.notes[-1]


def test_large_lists_are_trained_for_less() -> None:
    """And it is said."""
    practice = practise("linear 512 linear 512 linear 512", Training(steps=5000, clip=0.0, batch=256), 10, 0)
    assert 20 <= practice.steps < 5000 and "large" in practice.notes[-1]


@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers_are_torchs(name: str) -> None:
    """The same weights after ten steps, hooks are called."""
    nets = [built("linear 8 tanh linear 32")[0].double() for _ in range(2)]
    ours = Descent(nets[0].parameters(), name, 0.01)
    as_written = {"torch": torch, "weights": nets[1].parameters(), "LEARNING_RATE": 0.01}
    theirs = eval(OPTIMISERS[name].script, as_written)
    calls: list[int] = []
    ours.register_step_pre_hook(lambda *each: calls.append(0))
    ours.register_step_post_hook(lambda *each: calls.append(1))
    random = torch.Generator().manual_seed(0)
    for _ in range(10):
        x = torch.randn(16, 16, generator=random).double()
        for net, optimizer in zip(nets, (ours, theirs), strict=True):
            net.zero_grad()
            net(x).square().sum().backward()
            optimizer.step()
    assert calls == [0, 1] * 10
    for one, other in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        assert torch.allclose(one, other, rtol=1e-9, atol=1e-12)


def test_weights_without_a_gradient_stay() -> None:
    """As if it were 0."""
    net, _ = built("linear 8 linear 32")
    optimizer = Descent(net.parameters(), "sgd", 0.1)
    before = net.linear1.weight.detach().clone()
    optimizer.step()
    assert torch.equal(net.linear1.weight, before)


def test_no_compiler_is_loaded() -> None:
    """Which would take every worker most of a second, and memory."""
    code = (
        "import sys, core; from core.diagnosis.examination import examine_list\n"
        "examine_list('linear 8 relu dropout lstm 4', core.Training(steps=20, clip=1.0), 10, 0)\n"
        "print(*[name for name in ('torch._dynamo', 'sympy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""


def test_clipping_is_recorded_before_and_after() -> None:
    """The optimiser saw at most the threshold."""
    rows = practise(
        "linear 8", Training(optimiser="sgd", learning_rate=1e-3, steps=20, clip=0.01), 10, 0
    ).recording.table()
    whole = rows[rows.layer == "(model)"]
    seen = np.exp(whole[whole.kind == "seen"].log_norm.to_numpy())
    assert np.allclose(seen, 0.01, rtol=1e-3)
    assert (whole[whole.kind == "gradient"].log_norm.to_numpy() > np.log(0.02)).all()
