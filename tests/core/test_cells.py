"""Oracle: the visible recurrence against torch's own fused nn.RNN, nn.GRU and nn.LSTM."""

import pytest
import torch
from torch import nn

import core
from core.cells import CELLS

FUSED = {
    "tanh": lambda *sizes: nn.RNN(*sizes, nonlinearity="tanh", batch_first=True),
    "relu": lambda *sizes: nn.RNN(*sizes, nonlinearity="relu", batch_first=True),
    "gru": lambda *sizes: nn.GRU(*sizes, batch_first=True),
    "lstm": lambda *sizes: nn.LSTM(*sizes, batch_first=True),
}
every_cell = pytest.mark.parametrize("cell", CELLS)
every_depth = pytest.mark.parametrize("layers", [1, 2, 3, 4])


def stacked(cell: str, layers: int) -> core.Experiment:
    """A small network whose sizes are all different, so that no mix-up of axes goes unseen."""
    network = core.Recurrent(cell=cell, layers=layers, hidden=7, embedding=5, gain=1.7, forget_bias=1.5)
    return core.Experiment(network, core.France(gap=4), seed=3)


def double(experiment: core.Experiment) -> tuple[nn.Module, torch.Tensor]:
    """The module in float64 and six sentences."""
    return core.build(experiment).double(), torch.from_numpy(core.held_out(experiment, 6).inputs)


@torch.no_grad()
def visible(experiment: core.Experiment, module: nn.Module, words: torch.Tensor) -> tuple[list, torch.Tensor]:
    """The chain's state after every time step, and its logits."""
    chain = experiment.network.chain(dict(module.named_parameters()), words)
    states = [chain.state]
    for step in chain.maps:
        states.append(step(states[-1]))
    per_step = len(chain.maps) // words.shape[1]  # a step is made of one map per layer
    return states[per_step::per_step], chain.read_out(states[-1])


@every_cell
@every_depth
def test_the_chain_walks_through_the_fused_modules_states(cell: str, layers: int) -> None:
    """Top layer's h at every step, and all layers' last h and c."""
    experiment = stacked(cell, layers)
    module, words = double(experiment)
    states, logits = visible(experiment, module, words)
    with torch.no_grad():
        outputs, last = module.recurrent(module.embedding(words))
        assert torch.allclose(logits, module(words), rtol=0, atol=1e-12)
    parts = CELLS[cell].states
    top = torch.stack([state[parts * (layers - 1)] for state in states], 1)
    assert torch.allclose(top, outputs, rtol=0, atol=1e-12)
    for i, expected in enumerate(last if parts == 2 else (last,)):
        assert torch.allclose(torch.stack(states[-1][i::parts]), expected, rtol=0, atol=1e-12)


@every_cell
@every_depth
def test_a_fresh_torch_module_takes_the_weights(cell: str, layers: int) -> None:
    """Names, shapes and meaning of the parameters are torch's."""
    module, words = double(stacked(cell, layers))
    fresh = FUSED[cell](5, 7, layers).double()
    fresh.load_state_dict(module.recurrent.state_dict())
    with torch.no_grad():
        outputs, _ = fresh(module.embedding(words))
        assert torch.equal(outputs, module.recurrent(module.embedding(words))[0])
        assert torch.equal(module.readout(outputs[:, -1]), module(words))


@pytest.mark.parametrize("forget_bias", [-2.5, 0.0, 1.0, 3.0])
@pytest.mark.parametrize("initialiser", ["default", "orthogonal", "identity"])
def test_the_forget_bias_is_the_sum_of_torchs_two(forget_bias: float, initialiser: str) -> None:
    """In every layer, for every unit, exactly; the other gates' biases do not follow it."""
    network = core.Recurrent(cell="lstm", layers=3, hidden=5, forget_bias=forget_bias, initialiser=initialiser)
    recurrent = core.build(core.Experiment(network)).recurrent
    for layer in range(3):
        total = getattr(recurrent, f"bias_ih_l{layer}") + getattr(recurrent, f"bias_hh_l{layer}")
        assert (total[5:10] == forget_bias).all()
        others = torch.cat([total[:5], total[10:]])
        assert (others.abs() <= 2 / 5**0.5).all()


@every_cell
def test_cells_broadcast_over_leading_axes(cell: str) -> None:
    """Two networks side by side give what each gives alone."""
    entry, generator = CELLS[cell], torch.Generator().manual_seed(0)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    rows = 3 * entry.gates
    shapes = {"weight_ih": (rows, 2), "weight_hh": (rows, 3), "bias_ih": (rows,), "bias_hh": (rows,)}
    weights = {name: draw(2, *shape) for name, shape in shapes.items()}
    x, state = draw(2, 4, 2), tuple(draw(2, 4, 3) for _ in range(entry.states))
    together = entry.step(weights, x, state)
    for i in range(2):
        alone = entry.step({name: w[i] for name, w in weights.items()}, x[i], tuple(part[i] for part in state))
        for part, expected in zip(together, alone, strict=True):
            assert torch.allclose(part[i], expected, rtol=0, atol=1e-14)
