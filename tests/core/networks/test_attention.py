"""The attention network against torch's own scaled_dot_product_attention, MultiheadAttention and TransformerEncoder."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import core
from core.experiment.sampling import initial
from core.networks.attention import BLOCK_NORMS, positions

STEPS = 9


def small(task: object = None, **settings: object) -> core.Experiment:
    """Two blocks over short sentences."""
    heads = settings.get("heads", 3)
    network = core.Attention(**({"layers": 2, "heads": heads, "head_width": 12 // heads} | settings))
    return core.Experiment(network, task or core.France(gap=STEPS - 6), seed=1)


def unrolled(experiment: core.Experiment) -> tuple[core.networks.base.Chain, list[Tensor], dict[str, Tensor]]:
    """Its chain, every state (B, T, width), and its weights, in which no bias is 0."""
    generator = torch.Generator().manual_seed(0)
    weights = {name: torch.from_numpy(w).double() for name, w in initial(experiment).items()}
    weights |= {
        name: torch.randn(w.shape, generator=generator).double() for name, w in weights.items() if "bias" in name
    }
    chain = experiment.network.chain(weights, torch.from_numpy(core.held_out(experiment, 4).inputs))
    states = [chain.state[0]]
    for step in chain.maps:
        states.append(step((states[-1],))[0])
    return chain, states, weights


def mask(steps: int = STEPS) -> Tensor:
    """True where a position must not look: its future."""
    return torch.ones(steps, steps, dtype=torch.bool).triu(1)


@pytest.mark.parametrize("heads", [1, 2, 3, 6])
@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("norm", ["pre", "post"])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_blocks_equal_a_transformer_encoder(activation: str, norm: str, layers: int, heads: int) -> None:
    """``nn.TransformerEncoder`` takes the weights under the same names; all but the learned parts of its LayerNorms."""
    experiment = small(layers=layers, heads=heads, block_norm=norm, activation=activation)
    _, states, weights = unrolled(experiment)
    block = nn.TransformerEncoderLayer(
        12, heads, 24, dropout=0.0, activation=activation, batch_first=True, norm_first=norm == "pre"
    )
    encoder = nn.TransformerEncoder(block, layers, enable_nested_tensor=False).double()
    given = {name: tensor for name, tensor in weights.items() if name.startswith("layers.")}
    missing, unexpected = encoder.load_state_dict(given, strict=False)
    assert not unexpected and all(".norm" in name for name in missing)
    with torch.no_grad():
        expected = encoder(states[1], mask=mask())
    assert torch.allclose(states[-1], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("skip", ["none", "residual"])
@pytest.mark.parametrize("norm", BLOCK_NORMS)
def test_one_block_equals_multihead_attention_and_an_mlp(norm: str, skip: str) -> None:
    """Every setting, by ``nn.MultiheadAttention`` and ``scaled_dot_product_attention``."""
    _, (_, h, new), weights = unrolled(small(layers=1, block_norm=norm, skip=skip, activation="tanh"))
    own = {name.removeprefix("layers.0."): tensor for name, tensor in weights.items()}
    attention = nn.MultiheadAttention(12, 3, batch_first=True).double().requires_grad_(False)
    attention.load_state_dict({name.removeprefix("self_attn."): w for name, w in own.items() if "self_attn" in name})

    def part(h: Tensor, f) -> Tensor:
        out = f(F.layer_norm(h, [12])) if norm == "pre" else f(h)
        out = h + out if skip == "residual" else out
        return F.layer_norm(out, [12]) if norm == "post" else out

    def by_hand(h: Tensor) -> Tensor:
        q, k, v = F.linear(h, own["self_attn.in_proj_weight"], own["self_attn.in_proj_bias"]).chunk(3, -1)
        q, k, v = (each.unflatten(-1, (3, 4)).transpose(1, 2) for each in (q, k, v))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
        return F.linear(mixed, own["self_attn.out_proj.weight"], own["self_attn.out_proj.bias"])

    def mlp(h: Tensor) -> Tensor:
        inner = F.linear(h, own["linear1.weight"], own["linear1.bias"]).tanh()
        return F.linear(inner, own["linear2.weight"], own["linear2.bias"])

    for attend in (lambda h: attention(h, h, h, attn_mask=mask(), need_weights=False)[0], by_hand):
        assert torch.allclose(new, part(part(h, attend), mlp), rtol=0, atol=1e-12)


def test_positions_are_sines_and_cosines() -> None:
    """sin(t / 10000^(2i/d)) and cos beside it; also for an odd width."""
    for d in (6, 7):
        got = positions(5, torch.zeros(d, dtype=torch.float64))
        for t in range(5):
            for i in range(d):
                angle = t / 10000 ** (2 * (i // 2) / d)
                assert got[t, i] == pytest.approx(math.cos(angle) if i % 2 else math.sin(angle), abs=1e-15)


def test_the_first_map_makes_the_input_of_the_first_block() -> None:
    """Word vectors and positions; vectors are brought to the width by a matrix."""
    chain, states, weights = unrolled(small())
    words = torch.from_numpy(core.held_out(small(), 4).inputs)
    expected = F.embedding(words, weights["embedding.weight"]) + positions(STEPS, states[0])
    assert torch.equal(states[1], expected)
    assert chain.positions == STEPS and len(chain.maps) == 3 and list(chain.ends) == [2] and chain.watched == [0] * 3
    numbers = small(core.Noise(length=STEPS, inputs=5))
    _, states, weights = unrolled(numbers)
    x = torch.from_numpy(core.held_out(numbers, 4).inputs)
    assert torch.allclose(
        states[1], x @ weights["embedding.weight"].T + positions(STEPS, x[..., :1].expand(-1, -1, 12))
    )


def test_the_future_is_not_seen() -> None:
    """Logits after t words are those of the first t words alone, at every position; the last is the answer."""
    experiment = small()
    chain, _, weights = unrolled(experiment)
    words = torch.from_numpy(core.held_out(experiment, 4).inputs)
    every = chain.logits(each_step=True)
    assert every.shape == (STEPS, 4, 8)
    for t in range(1, STEPS + 1):
        assert torch.allclose(
            experiment.network.chain(weights, words[:, :t]).logits(), every[t - 1], rtol=0, atol=1e-12
        )


def test_a_single_head_without_mlp_weights_averages_values() -> None:
    """With Q = 0 every position attends equally to all so far: the running mean of the values."""
    experiment = small(layers=1, heads=1, block_norm="none", skip="none", activation="identity")
    network, (_, states, weights) = experiment.network, unrolled(experiment)
    own = dict(weights)
    eye, zero = torch.eye(12).double(), torch.zeros(12, 12).double()
    own["layers.0.self_attn.in_proj_weight"] = torch.cat([zero, zero, eye])
    own["layers.0.self_attn.out_proj.weight"] = eye
    own["layers.0.linear1.weight"], own["layers.0.linear2.weight"] = torch.cat([eye, zero]), torch.cat([eye, zero], 1)
    own |= {name: 0 * w for name, w in own.items() if "bias" in name}
    chain = network.chain(own, torch.from_numpy(core.held_out(experiment, 4).inputs))
    (new,) = chain.maps[1]((states[1],))
    counts = torch.arange(1, STEPS + 1)[:, None]
    assert torch.allclose(new, states[1].cumsum(1) / counts, rtol=0, atol=1e-13)
