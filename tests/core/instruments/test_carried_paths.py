"""Carried state against gates: autograd with the other paths cut, exact sums, and closed forms."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import core
from core.experiment.sampling import initial
from core.gradients.adjoint import log_norm
from core.instruments.paths import Split, carried_paths, decompose
from core.instruments.subject import single_loss
from core.parts.linear import affine

CARRYING = ["lstm", "gru", "leaky"]


def setting(cell: str, gap: int = 4, **network: object) -> core.Experiment:
    """A small network on words."""
    return core.Experiment(core.Recurrent(cell=cell, hidden=5, embedding=3, **network), core.France(gap=gap))


def by_autograd(experiment: core.Experiment, cut: str) -> list[np.ndarray]:
    """∂L/∂c (LSTM) or ∂L/∂h at each step (n, B), after detaching what the gates read ("gates"), what is carried
    ("carried"), or nothing ("").
    """
    network, batch = experiment.network, core.held_out(experiment, 32)
    weights = {name: torch.from_numpy(values).double() for name, values in initial(experiment).items()}
    own = network.layer_weights(weights, 0)
    inputs = network.vectors(weights, torch.from_numpy(batch.inputs))
    h = c = torch.zeros(len(inputs), network.hidden, dtype=torch.float64)
    watched = []
    for x in inputs.unbind(1):
        from_x, from_h = affine(x, own["weight_ih"], own["bias_ih"]), affine(h, own["weight_hh"], own["bias_hh"])
        past = c if network.cell == "lstm" else h
        if cut == "gates":
            from_h = from_h.detach()
        if cut == "carried":
            past = past.detach()
        if network.cell == "lstm":
            i, f, g, o = (from_x + from_h).chunk(4, -1)
            c = torch.sigmoid(f) * past + torch.sigmoid(i) * torch.tanh(g)
            watched.append(c.requires_grad_())
            h = torch.sigmoid(o) * torch.tanh(c)
        elif network.cell == "gru":
            (xr, xz, xk), (hr, hz, hk) = from_x.chunk(3, -1), from_h.chunk(3, -1)
            z, k = torch.sigmoid(xz + hz), torch.tanh(xk + torch.sigmoid(xr + hr) * hk)
            h = (z * past + (1 - z) * k).requires_grad_()
            watched.append(h)
        else:
            h = ((1 - network.leak) * past + network.leak * torch.tanh(from_x + from_h)).requires_grad_()
            watched.append(h)
    loss = cross_entropy(affine(h, weights["readout.weight"], weights["readout.bias"]), torch.from_numpy(batch.targets))
    found = torch.autograd.grad(loss, watched, allow_unused=True, materialize_grads=True)
    return [each.numpy().T for each in found]


def splits(experiment: core.Experiment) -> list[Split]:
    """From the first step to the last."""
    single = single_loss(experiment, None, "a test")
    return list(decompose(single.trajectory, single.arrival, single.step))[::-1]


@pytest.mark.parametrize("cell", CARRYING)
def test_parts_equal_autograd_with_cut_paths(cell: str) -> None:
    """Total with nothing cut, carried with what the gates read detached, hidden with what is carried detached."""
    experiment = setting(cell, gain=1.5, leak=0.4)
    found, logs = splits(experiment), carried_paths(experiment)
    total, carried, hidden = (by_autograd(experiment, cut) for cut in ("", "gates", "carried"))
    for k, own in enumerate(found):
        scale, hidden_scale = np.exp(own.scale), np.exp(own.hidden_scale)
        np.testing.assert_allclose(own.total * scale, total[k], rtol=1e-10, atol=1e-17)
        np.testing.assert_allclose((own.total - own.rest) * scale, carried[k], rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(own.hidden * hidden_scale, hidden[k], rtol=1e-10, atol=1e-17)
    expected = [[log_norm(each) for each in parts] for parts in (total, carried, hidden)]
    np.testing.assert_allclose([logs.log_total, logs.log_carried, logs.log_hidden], expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("cell", CARRYING)
@pytest.mark.parametrize("forget_bias", [-2.0, 3.0])
def test_total_is_carried_and_rest(cell: str, forget_bias: float) -> None:
    """As vectors: the product of the gates, made here by itself, and the rest's own recursion, over 34 steps."""
    experiment = setting(cell, gap=28, forget_bias=forget_bias)
    single = single_loss(experiment, None, "a test")
    carry = single.trajectory.carried[-1]
    assert carry is not None
    parts = splits(experiment)
    carried = parts[-1].total * np.exp(parts[-1].scale)
    for k in range(len(parts) - 1, -1, -1):
        own = parts[k]
        total, rest = own.total * np.exp(own.scale), own.rest * np.exp(own.scale)
        assert np.linalg.norm(carried + rest - total) <= 1e-14 * (np.linalg.norm(carried) + np.linalg.norm(rest))
        carried = carried * carry[k]


def test_the_product_of_gates_is_summarised() -> None:
    """Mean over units and examples, the best unit, and the mean logarithm of each step."""
    experiment = setting("lstm", gap=20, forget_bias=1.0)
    found, single = carried_paths(experiment), single_loss(experiment, None, "a test")
    forget = single.trajectory.carried[1]
    assert forget is not None
    for k in (0, 7, len(forget) - 1):
        product = forget[k + 1 :].prod(0)
        assert found.log_mean[k] == pytest.approx(np.log(product.mean()), abs=1e-12)
        assert found.log_best[k] == pytest.approx(np.log(product.mean(-1).max()), abs=1e-12)
        assert found.log_gate[k] == pytest.approx(np.log(forget[k]).mean(), abs=1e-13)
    assert (found.log_best >= found.log_mean - 1e-12).all()


def test_a_leaky_units_carried_path_is_a_power() -> None:
    """(1 − α) per step, exactly; with α near 1 it hardly counts, and the hidden path is all there is."""
    found = carried_paths(setting("leaky", gap=20, leak=0.3))
    lag = np.arange(len(found.log_carried))[::-1]
    np.testing.assert_allclose(found.log_carried - found.log_carried[-1], lag * np.log(0.7), rtol=0, atol=1e-12)
    nearly_plain = carried_paths(setting("leaky", leak=1 - 1e-9))
    np.testing.assert_allclose(nearly_plain.log_hidden[:-1], nearly_plain.log_rest[:-1], atol=1e-6)
    np.testing.assert_allclose(nearly_plain.log_rest[:-1], nearly_plain.log_total[:-1], atol=1e-6)


def test_goes_on_below_float64() -> None:
    """A nearly shut forget gate, 205 steps: 10⁻⁸⁰⁰ along the cell, less than that is not lost either."""
    found = carried_paths(setting("lstm", gap=200, forget_bias=-9.0, gain=0.01))
    assert found.log_carried[0] < -1500
    assert all(np.isfinite(logs[:-1]).all() for logs in (found.log_total, found.log_carried, found.log_rest))


@pytest.mark.parametrize(
    ("network", "words"),
    [({"cell": "tanh"}, "LSTM, GRU or leaky"), ({"cell": "leaky", "leak": 1.0}, "α < 1"), ({"layers": 2}, "one layer")],
)
def test_other_networks_are_refused(network: dict[str, object], words: str) -> None:
    """A plain cell carries nothing."""
    with pytest.raises(core.SpecError, match=words):
        carried_paths(core.Experiment(core.Recurrent(**network)))
