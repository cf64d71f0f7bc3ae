"""Oracle: the visible recurrence against torch's own fused modules and cells, and against closed forms."""

import numpy as np
import pytest
import torch
from torch import nn

import core
from core.experiment.sampling import initial
from core.parts.cells import CELLS

FUSED = {
    "tanh": lambda *sizes: nn.RNN(*sizes, nonlinearity="tanh", batch_first=True),
    "relu": lambda *sizes: nn.RNN(*sizes, nonlinearity="relu", batch_first=True),
    "gru": lambda *sizes: nn.GRU(*sizes, batch_first=True),
    "lstm": lambda *sizes: nn.LSTM(*sizes, batch_first=True),
}
every_cell = pytest.mark.parametrize("cell", CELLS)
every_fused_cell = pytest.mark.parametrize("cell", FUSED)
every_depth = pytest.mark.parametrize("layers", [1, 2, 3, 4])
STEPS, BATCH, INPUTS, WIDTH = 7, 3, 5, 6


def stacked(cell: str, layers: int, **settings: object) -> core.Experiment:
    """A small network whose sizes are all different, so that no mix-up of axes goes unseen."""
    network = core.Recurrent(cell=cell, layers=layers, hidden=7, embedding=5, gain=1.7, forget_bias=1.5, **settings)
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
    return [states[end + 1] for end in chain.ends], chain.read_out(states[-1])


@every_fused_cell
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


@every_fused_cell
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


@every_cell
@pytest.mark.parametrize("layers", [1, 3])
@torch.no_grad()
def test_logits_are_read_after_every_step(cell: str, layers: int) -> None:
    """By the module and by the chain; the last of them is the answer. Parameters have torch's names where torch has them."""
    experiment = stacked(cell, layers)
    module, words = double(experiment)
    chain = experiment.network.chain(dict(module.named_parameters()), words)
    every = module(words, each_step=True)
    assert every.shape == (words.shape[1], 6, 8)
    for end in (3, words.shape[1]):
        shorter = experiment.network.chain(dict(module.named_parameters()), words[:, :end])
        assert torch.allclose(every[end - 1], shorter.logits(), rtol=0, atol=1e-12)
    assert torch.allclose(chain.logits(each_step=True), every, rtol=0, atol=1e-12)
    assert torch.equal(chain.logits(), chain.logits(each_step=True)[-1])
    assert len(chain.ends) == words.shape[1] and chain.ends[-1] == len(chain.maps) - 1
    own = [name for name in initial(experiment) if name.startswith("recurrent.") and name.endswith("_l0")]
    torchs = [f"recurrent.{name}_l0" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    assert own[: len(torchs)] == (torchs if CELLS[cell].matrix else [torchs[0], torchs[2], *own[2:4]])


@pytest.mark.parametrize("cell", ["lstm", "peephole"])
@pytest.mark.parametrize("forget_bias", [-2.5, 0.0, 1.0, 3.0])
@pytest.mark.parametrize("initialiser", ["default", "orthogonal", "identity"])
def test_the_forget_bias_is_the_sum_of_torchs_two(cell: str, forget_bias: float, initialiser: str) -> None:
    """In every layer, for every unit, exactly; the other gates' biases do not follow it."""
    network = core.Recurrent(cell=cell, layers=3, hidden=5, forget_bias=forget_bias, initialiser=initialiser)
    weights = initial(core.Experiment(network))
    for layer in range(3):
        total = weights[f"recurrent.bias_ih_l{layer}"] + weights[f"recurrent.bias_hh_l{layer}"]
        assert (total[5:10] == forget_bias).all()
        others = np.concatenate([total[:5], total[10:]])
        assert (np.abs(others) <= 2 / 5**0.5).all()


# --- One layer of each of the cells that torch has no module for


def lone(cell: str, **settings: object) -> tuple[dict[str, torch.Tensor], torch.Tensor, torch.Tensor]:
    """A layer's tensors, inputs (B, T, m), and its states (parts, B, T + 1, width)."""
    network = core.Recurrent(cell=cell, hidden=WIDTH, gain=2.0, **settings)
    experiment = core.Experiment(network, core.Noise(length=STEPS, inputs=INPUTS), seed=4)
    weights = {name: torch.from_numpy(values).double() for name, values in initial(experiment).items()}
    x = torch.from_numpy(core.held_out(experiment, BATCH).inputs)
    chain = network.chain(weights, x)
    states = [chain.state]
    for step in chain.maps:
        states.append(step(states[-1]))
    return network.layer_weights(weights, 0), x, torch.stack([torch.stack(each) for each in states], 2)


def loaded(module: nn.Module, **tensors: torch.Tensor) -> nn.Module:
    """The module in float64 with these parameters."""
    module.double().load_state_dict(tensors)
    return module.requires_grad_(False)


def test_a_sigmoid_cell_is_a_rescaled_tanh_cell() -> None:
    """σ(z) = ½ + ½ tanh(z/2): with g = 2h − 1 it is ``nn.RNNCell`` with halved input and quartered recurrent weights."""
    own, x, (states,) = lone("sigmoid")
    bias_hh = own["bias_hh"] / 2 + own["weight_hh"].sum(1) / 4
    cell = loaded(
        nn.RNNCell(INPUTS, WIDTH),
        weight_ih=own["weight_ih"] / 2,
        weight_hh=own["weight_hh"] / 4,
        bias_ih=own["bias_ih"] / 2,
        bias_hh=bias_hh,
    )
    g = torch.full((BATCH, WIDTH), -1.0, dtype=torch.float64)
    for t in range(STEPS):
        g = cell(x[:, t], g)
        assert torch.allclose(states[:, t + 1], (g + 1) / 2, rtol=0, atol=1e-14)


@pytest.mark.parametrize("leak", [0.0, 0.15, 1.0])
def test_a_leaky_cell_moves_a_share_of_the_way(leak: float) -> None:
    """From h towards what ``nn.RNNCell`` makes of it; with leak 1 it is the plain RNN, with leak 0 it stays at 0."""
    own, x, (states,) = lone("leaky", leak=leak)
    cell = loaded(nn.RNNCell(INPUTS, WIDTH), **own)
    for t in range(STEPS):
        h = states[:, t]
        assert torch.allclose(states[:, t + 1], (1 - leak) * h + leak * cell(x[:, t], h), rtol=0, atol=1e-14)
    assert states[:, -1].any() == (leak > 0)


def test_peepholes_shift_the_gates_of_an_lstm() -> None:
    """``nn.LSTMCell`` with the peepholes' part put into its bias: from the old c for c, from the new c for the output gate."""
    own, x, (h, c) = lone("peephole")
    peep = own.pop("weight_peep")
    at_write, at_keep, at_show = peep.chunk(3)
    assert peep.abs().min() > 0
    for b in range(BATCH):
        for t in range(STEPS):
            zero = torch.zeros(WIDTH, dtype=torch.float64)
            before = torch.cat([at_write * c[b, t], at_keep * c[b, t], zero, zero])
            cell = loaded(nn.LSTMCell(INPUTS, WIDTH), **own | {"bias_ih": own["bias_ih"] + before})
            _, new = cell(x[b, t], (h[b, t], c[b, t]))
            after = before + torch.cat([zero, zero, zero, at_show * new])
            cell = loaded(nn.LSTMCell(INPUTS, WIDTH), **own | {"bias_ih": own["bias_ih"] + after})
            shown, _ = cell(x[b, t], (h[b, t], c[b, t]))
            assert torch.allclose(c[b, t + 1], new, rtol=0, atol=1e-14)
            assert torch.allclose(h[b, t + 1], shown, rtol=0, atol=1e-14)


def test_a_mingru_is_a_weighted_mean_of_its_candidates() -> None:
    """h_T = Σ_t z_t k_t Π_{s > t} (1 − z_s), with z and k from the inputs alone."""
    own, x, (states,) = lone("mingru")
    assert own.keys() == {"weight_ih", "bias_ih"}
    z, k = (x @ own["weight_ih"].T + own["bias_ih"]).chunk(2, -1)
    z = 1 / (1 + torch.exp(-z))
    for end in range(1, STEPS + 1):
        weights = [z[:, t] * (1 - z[:, t + 1 : end]).prod(1) for t in range(end)]
        expected = sum(weight * k[:, t] for t, weight in enumerate(weights))
        assert torch.allclose(states[:, end], expected, rtol=0, atol=1e-14)


def complex_lru(own: dict[str, torch.Tensor]) -> tuple[np.ndarray, np.ndarray]:
    """λ and γ (n,), by NumPy's complex numbers."""
    lam = np.exp(-np.exp(own["nu"].numpy()) + 1j * np.exp(own["theta"].numpy()))
    return lam, np.sqrt(1 - np.abs(lam) ** 2)


def test_an_lru_is_a_sum_of_powers() -> None:
    """h_T = Σ_t λ^(T − t) γ (B x_t + b), kept as real and imaginary parts."""
    own, x, (states,) = lone("lru")
    assert own.keys() == {"weight_ih", "bias_ih", "nu", "theta"}
    lam, gamma = complex_lru(own)
    b = own["weight_ih"].numpy()
    bias = own["bias_ih"].numpy()
    into = x.numpy() @ (b[:WIDTH] + 1j * b[WIDTH:]).T + bias[:WIDTH] + 1j * bias[WIDTH:]
    for end in range(1, STEPS + 1):
        powers = lam ** np.arange(end)[::-1, None]
        expected = (powers * gamma * into[:, :end]).sum(1)
        got = states[:, end].numpy()
        np.testing.assert_allclose(got[:, :WIDTH] + 1j * got[:, WIDTH:], expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("lag", [1, 10, 400])
def test_the_lrus_gradient_is_a_power_of_lambda(lag: int) -> None:
    """∂h_T/∂h_t is λ^(T − t) exactly: a rotation of each unit's two numbers, times |λ|^(T − t)."""
    network = core.Recurrent(cell="lru", hidden=4, r_min=0.3, r_max=0.999)
    weights = initial(core.Experiment(network, core.Noise(length=lag)))
    tensors = {name: torch.from_numpy(values).double() for name, values in weights.items()}
    chain = network.chain(tensors, torch.zeros(1, lag, 16, dtype=torch.float64))
    h = torch.ones(1, 8, dtype=torch.float64, requires_grad=True)
    state = (h,)
    for step in chain.maps:
        state = step(state)
    lam, _ = complex_lru(network.layer_weights(tensors, 0))
    for unit, power in enumerate(lam**lag):
        (to_re,) = torch.autograd.grad(state[0][0, unit], h, retain_graph=True)
        (to_im,) = torch.autograd.grad(state[0][0, 4 + unit], h, retain_graph=True)
        expected = np.zeros((2, 8))
        expected[:, [unit, 4 + unit]] = [[power.real, -power.imag], [power.imag, power.real]]
        np.testing.assert_allclose(np.stack([to_re[0], to_im[0]]), expected, rtol=0, atol=1e-12 * abs(power))


@pytest.mark.parametrize("ring", [(0.2, 0.6), (0.9, 0.999), (0.95, 0.95), (0.8, 0.4)])
def test_lambda_starts_on_its_ring(ring: tuple[float, float]) -> None:
    """Uniformly by area, at any angle; and γ makes the energy of an impulse's whole echo 1."""
    network = core.Recurrent(cell="lru", hidden=128, layers=4, r_min=ring[0], r_max=ring[1])
    weights = initial(core.Experiment(network))
    own = [{name: torch.from_numpy(weights[f"recurrent.{name}_l{i}"]) for name in ("nu", "theta")} for i in range(4)]
    lam, gamma = (np.concatenate(each) for each in zip(*map(complex_lru, own), strict=True))
    low, high = min(ring), max(ring)
    assert np.abs(lam).min() >= low - 1e-6 and np.abs(lam).max() <= high + 1e-6
    spread = (high**2 - low**2) / np.sqrt(12 * len(lam))
    assert np.mean(np.abs(lam) ** 2) == pytest.approx((low**2 + high**2) / 2, abs=4 * spread + 1e-6)
    assert abs(np.mean(lam / np.abs(lam))) < 4 / np.sqrt(len(lam))
    np.testing.assert_allclose(gamma**2 / (1 - np.abs(lam) ** 2), 1, rtol=1e-6)


@every_cell
def test_cells_broadcast_over_leading_axes(cell: str) -> None:
    """Two networks side by side give what each gives alone."""
    entry, generator = CELLS[cell], torch.Generator().manual_seed(0)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    from_x, weight = draw(2, 4, 3 * entry.gates), draw(2, 3 * entry.gates, 3)
    given = {"weight_peep": draw(2, 9), "nu": draw(2, 3), "theta": draw(2, 3), "leak": torch.tensor(0.3).double()}

    def prepared(constants: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        return constants | (entry.prepare(constants) if entry.prepare else {})

    state = tuple(draw(2, 4, 3 * entry.reals) for _ in range(entry.states))
    together = entry.step(from_x, lambda h: h @ weight.mT, state, prepared(given))
    for i in range(2):
        own = {name: tensor if name == "leak" else tensor[i] for name, tensor in given.items()}
        alone = entry.step(from_x[i], lambda h, i=i: h @ weight[i].T, tuple(part[i] for part in state), prepared(own))
        for part, expected in zip(together, alone, strict=True):
            assert torch.allclose(part[i], expected, rtol=0, atol=1e-14)
