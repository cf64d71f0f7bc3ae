"""The recorder's numbers against autograd's, on networks nobody here wrote, and in every way a training loop can be written."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence
from torch.utils.checkpoint import checkpoint

from core.fields import SpecError
from core.recording import GradientRecorder, Recording
from core.recording.selection import ROOT, choose
from tests.core.recording.recorded_networks import Step, made

NETWORKS = ["gpt2", "llama", "transformer", "resnet", "lstm", "gru", "rnn"]
RATE = 0.1


def still(model: nn.Module) -> None:
    """No dropout: two precisions would draw different masks."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if isinstance(module, nn.MultiheadAttention):
            module.dropout = 0.0


def by_autograd(model: nn.Module, loss: Step, names: list[str]) -> dict[tuple[str, str], float]:
    """ln-norms of one step of SGD in float64: (layer, kind) → value, with torch's own ``autograd.grad`` on kept outputs."""
    modules = {name or ROOT: module for name, module in model.named_modules()}
    kept: dict[str, list[Tensor]] = {name: [] for name in names}

    def flat(output: object) -> Iterator[Tensor]:
        if isinstance(output, Tensor):
            yield output
        elif isinstance(output, dict | tuple | list):
            for part in output.values() if isinstance(output, dict) else output:
                yield from flat(part)

    handles = [
        modules[name].register_forward_hook(
            lambda _m, _a, out, name=name: kept[name].extend(t for t in flat(out) if t.dim() and t.requires_grad)
        )
        for name in names
    ]
    value = loss()
    for handle in handles:
        handle.remove()
    parameters = {name: list(modules[name].parameters()) for name in names}
    every = [tensor for name in names for tensor in kept[name] + parameters[name]]
    found = torch.autograd.grad(value, every, allow_unused=True)
    gradient = {id(tensor): part.double() for tensor, part in zip(every, found, strict=True) if part is not None}

    def log_norm(tensors: list[Tensor]) -> float:
        return 0.5 * math.log(sum(float((tensor.double() ** 2).sum()) for tensor in tensors))

    result = {}
    for name in names:
        outputs = list({id(tensor): tensor for tensor in kept[name] if id(tensor) in gradient}.values())
        if outputs:
            result[name, "output"] = log_norm([gradient[id(tensor)] for tensor in outputs])
        trained = [tensor for tensor in parameters[name] if id(tensor) in gradient]
        if trained:
            result[name, "gradient"] = log_norm([gradient[id(tensor)] for tensor in trained])
            result[name, "seen"] = result[name, "gradient"]
            result[name, "weight"] = log_norm([tensor.detach() for tensor in trained])
            result[name, "update"] = result[name, "gradient"] + math.log(RATE)
    return result


def recorded(model: nn.Module, loss: Step) -> dict[tuple[str, str], float]:
    """The same from a recorder, in one step of SGD."""
    optimizer = torch.optim.SGD(model.parameters(), RATE)
    with GradientRecorder(model, optimizer) as recorder:
        loss().backward()
        optimizer.step()
    return whole(recorder.table())


def whole(table: pd.DataFrame, step: int = 0) -> dict[tuple[str, str], float]:
    """(layer, kind) → ln-norm of the rows that are about everything together, in one step."""
    rows = table[(table["position"] == -1) & (table.step == step)]
    return {(row.layer, row.kind): row.log_norm for row in rows.itertuples()}


@pytest.mark.parametrize("name", NETWORKS)
def test_norms_are_those_of_autograd(name: str) -> None:
    """Every layer, every kind, in float64."""
    model, loss = made(name)
    model.double()
    still(model)
    names = list(choose(model))
    expected = by_autograd(model, loss, names)
    found = recorded(model, loss)
    assert found.keys() == expected.keys()
    assert len([key for key in found if key[1] == "output"]) >= min(len(names) - 1, 4)
    assert found == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("name", NETWORKS)
def test_float32_is_as_near_as_float32_gets(name: str) -> None:
    """A float32 training beside a float64 copy of it."""
    model, loss = made(name)
    still(model)
    found = recorded(model, loss)
    model, loss = made(name)
    model.double()
    still(model)
    expected = by_autograd(model, loss, list(choose(model)))
    assert found == pytest.approx(expected, rel=0, abs=3e-5)


class Fork(nn.Module):
    """Returns its two halves in a container of a kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(6, 6, generator=torch.Generator().manual_seed(1)))
        self.kind = kind

    def forward(self, x: Tensor) -> object:
        """(B, 6) → twice (B, 3), a number and a word."""
        left, right = (x @ self.weight).chunk(2, -1)
        loss = left.sum()
        if self.kind == "dataclass":
            return Halves(left, [right], loss)
        return {
            "dict": {"left": left, "right": {"inner": right}, "loss": loss},
            "tuple": (left, (right, "word", loss), left),
        }[self.kind]


@dataclass
class Halves:
    """What a fork may return."""

    left: Tensor
    right: list[Tensor]
    loss: Tensor


@pytest.mark.parametrize("kind", ["tuple", "dict", "dataclass"])
def test_outputs_in_containers_count_together(kind: str) -> None:
    """Tensors are found however deep; a loss among the outputs is none; a tensor that is there twice counts once."""
    fork = Fork(kind)
    with GradientRecorder(fork) as recorder:
        output = fork(torch.eye(6))
        left, right = {
            "tuple": lambda: (output[0], output[1][0]),
            "dict": lambda: (output["left"], output["right"]["inner"]),
            "dataclass": lambda: (output.left, output.right[0]),
        }[kind]()
        (3 * left.sum() + 4 * right.sum()).backward()
    assert whole(recorder.table())[ROOT, "output"] == pytest.approx(math.log(math.sqrt(18 * (9 + 16))))


def test_a_shared_module_is_listed_call_by_call() -> None:
    """A cell called at each step of a loop: position is the step, and the whole is the norm over all of them."""
    torch.manual_seed(0)
    cell, x = nn.RNNCell(3, 5).double(), torch.randn(7, 2, 3, dtype=torch.float64)

    def run() -> list[Tensor]:
        states = [torch.zeros(2, 5, dtype=torch.float64)]
        for step in x:
            states.append(cell(step, states[-1]))
        return states[1:]

    class Loop(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = cell

        def forward(self) -> Tensor:
            return run()[-1]

    states = run()
    expected = [float(g.norm().log()) for g in torch.autograd.grad(states[-1].square().sum(), states)]
    loop = Loop()
    with GradientRecorder(loop, layers="cell") as recorder:
        loop().square().sum().backward()
        recorder.step()
        loop().square().sum().backward()  # calls are counted from 0 again
        recorder.step()
    for step in (0, 1):
        profile = recorder.recording().profile(step, layer="cell")
        np.testing.assert_allclose(profile.log_norm, expected, atol=1e-12)
        assert profile.position.tolist() == list(range(7))
    together = whole(recorder.table())["cell", "output"]
    assert together == pytest.approx(0.5 * math.log(sum(math.exp(2 * log) for log in expected)))


def unrolled(layer: nn.RNNBase, x: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Inputs and the top layer's states, step by step with torch's single-step functions; x (T, B, d)."""
    inputs = states = [step.clone().requires_grad_() for step in x]
    for depth in range(layer.num_layers):
        weights = [getattr(layer, f"{name}_l{depth}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
        h = c = x.new_zeros(x.shape[1], layer.hidden_size)
        below, states = states, []
        for step in below:
            if isinstance(layer, nn.LSTM):
                h, c = torch.lstm_cell(step, (h, c), *weights)
            else:
                h = (torch.gru_cell if isinstance(layer, nn.GRU) else torch.rnn_tanh_cell)(step, h, *weights)
            states.append(h)
    return inputs, states


@pytest.mark.parametrize("options", [{}, {"batch_first": True}, {"num_layers": 2}], ids=str)
@pytest.mark.parametrize("cell", [nn.RNN, nn.GRU, nn.LSTM])
def test_gradient_at_each_time_step_of_a_fused_layer(cell: type[nn.RNNBase], options: dict[str, Any]) -> None:
    """∂L/∂x_t and ∂L/∂h_t are total: those of the layer written out step by step, with losses at two times."""
    torch.manual_seed(0)
    layer, batch_first = cell(3, 5, **options).double(), "batch_first" in options
    x = torch.randn(9, 2, 3, dtype=torch.float64)
    inputs, states = unrolled(layer, x)
    found = torch.autograd.grad(states[-2].square().sum() + states[3].sum(), inputs[:-1] + states[:-1])
    expected = np.array([float(gradient.norm().log()) for gradient in found])
    with GradientRecorder(layer) as recorder:
        output, _ = layer(x.transpose(0, 1) if batch_first else x)
        output = output.transpose(0, 1) if batch_first else output
        (output[-2].square().sum() + output[3].sum()).backward()
    recording = recorder.recording()
    np.testing.assert_allclose(recording.profile(0, "input", ROOT).log_norm[:-1], expected[:8], atol=1e-12)
    np.testing.assert_allclose(recording.profile(0, "state", ROOT).log_norm[:-1], expected[8:], atol=1e-12)
    # what comes after the last loss gets none
    assert recording.profile(0, "input", ROOT).state[-1] == recording.profile(0, "state", ROOT).state[-1] == "zero"


@pytest.mark.parametrize("layer", [nn.LSTM(3, 5), nn.GRU(3, 5, bidirectional=True), nn.RNN(3, 5)], ids=str)
def test_a_state_is_recorded_where_torch_keeps_the_steps_apart(layer: nn.RNNBase) -> None:
    """Not in a fused float32 LSTM (where oneDNN takes it), not with two directions; the input's gradient is there always."""
    output, _ = layer(torch.zeros(9, 2, 3))
    apart = output.grad_fn.name().startswith("Stack")
    with GradientRecorder(layer) as recorder:
        layer(torch.ones(9, 2, 3))[0][-1].sum().backward()
    counts = recorder.table().kind.value_counts()
    assert counts["input"] == 9
    assert counts["state"] == (9 if apart else 0)


def test_packed_sequences_are_cut_at_the_time_steps() -> None:
    """Sequences of lengths 5, 3, 1: as each alone."""
    torch.manual_seed(0)
    layer, lengths = nn.GRU(3, 4).double(), [5, 3, 1]
    x = torch.randn(5, 3, 3, dtype=torch.float64)
    squares = np.zeros(5)
    for i, length in enumerate(lengths):
        inputs, states = unrolled(layer, x[:length, i : i + 1])
        for t, gradient in enumerate(torch.autograd.grad(states[-1].sum(), inputs)):
            squares[t] += float(gradient.square().sum())
    with GradientRecorder(layer) as recorder:
        output, last = layer(pack_padded_sequence(x, lengths))
        assert isinstance(output, PackedSequence)
        last.sum().backward()
    np.testing.assert_allclose(
        recorder.recording().profile(0, "input", ROOT).log_norm, 0.5 * np.log(squares), atol=1e-12
    )


def test_before_and_after_clipping() -> None:
    """“gradient” is what backward left, “seen” what clipping made of it, “update” what the optimiser did with that."""
    model, loss = made("lstm")
    optimizer = torch.optim.SGD(model.parameters(), RATE)
    with GradientRecorder(model, optimizer) as recorder:
        loss().backward()
        norm = clip_grad_norm_(model.parameters(), 1e-3)
        optimizer.step()
    found = whole(recorder.table())
    assert found[ROOT, "gradient"] == pytest.approx(math.log(norm), abs=1e-5)
    assert found[ROOT, "seen"] == pytest.approx(math.log(1e-3), abs=1e-3)
    assert found[ROOT, "update"] == pytest.approx(math.log(1e-4), abs=1e-3)


def test_gradients_that_are_taken_away_before_the_step() -> None:
    """Some loops drop the gradients of a part; the optimiser sees none there, and the training goes on."""
    model, loss = made("lstm")
    optimizer = torch.optim.SGD(model.parameters(), RATE)
    with GradientRecorder(model, optimizer) as recorder:
        loss().backward()
        for parameter in model.recurrent.parameters():
            parameter.grad = None
        optimizer.step()
    table = recorder.table()
    kinds = set(table[table.layer == "recurrent"].kind)
    assert {"gradient", "update"} < kinds and "seen" not in kinds
    assert table[(table.layer == "recurrent") & (table.kind == "update")].state.item() == "zero"


def test_accumulated_gradients_are_those_of_one_large_batch() -> None:
    """Four backward passes and one step, against one pass over all examples."""
    model, _ = made("rnn")
    words, classes = torch.randint(0, 50, (8, 6)), torch.randint(0, 10, (8,))
    found = []
    for pieces in (1, 4):
        optimizer = torch.optim.SGD(model.parameters(), 0.0)
        optimizer.zero_grad()
        with GradientRecorder(model, optimizer) as recorder:
            for some, answers in zip(words.chunk(pieces), classes.chunk(pieces), strict=True):
                (cross_entropy(model(some), answers) / pieces).backward()
            optimizer.step()
        found.append(recorder.table())
    one, four = map(whole, found)
    finite = {key: value for key, value in one.items() if key[1] != "update"}  # the learning rate is 0
    assert {key: four[key] for key in finite} == pytest.approx(finite, abs=1e-5)
    np.testing.assert_array_equal(found[0]["size"], found[1]["size"])


def test_without_an_optimizer_the_steps_are_told() -> None:
    """The same rows but for “seen”, and the losses."""
    tables = []
    for given in (True, False):
        model, loss = made("transformer")
        still(model)
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        with GradientRecorder(model, optimizer if given else None, every=2) as recorder:
            for _ in range(4):
                optimizer.zero_grad()
                value = loss()
                value.backward()
                optimizer.step()
                recorder.step(value)
        tables.append(recorder.table())
        assert [step for step, _ in recorder.recording().losses] == [0, 2]
    with_seen, without = tables
    with_seen = with_seen[with_seen.kind != "seen"].reset_index(drop=True)
    pd.testing.assert_frame_equal(with_seen, without, check_categorical=False)


def test_evaluation_in_between_is_not_recorded() -> None:
    """Under no_grad nothing listens."""
    tables = []
    for evaluated in (True, False):
        model, loss = made("lstm")
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        with GradientRecorder(model, optimizer) as recorder:
            for _ in range(2):
                optimizer.zero_grad()
                loss().backward()
                if evaluated:
                    with torch.no_grad():
                        loss()
                optimizer.step()
        tables.append(recorder.table())
    pd.testing.assert_frame_equal(*tables)


def test_frozen_weights_have_no_rows_until_they_are_unfrozen() -> None:
    """Gradual unfreezing is followed."""
    model, loss = made("lstm")
    model.embedding.weight.requires_grad_(False)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    with GradientRecorder(model, optimizer) as recorder:
        for step in range(2):
            optimizer.zero_grad()
            loss().backward()
            optimizer.step()
            model.embedding.weight.requires_grad_(step == 0)
    kinds = recorder.table().groupby(["step", "layer"], observed=True).kind.agg(set)
    assert (0, "embedding") not in kinds.index
    assert {"output", "gradient", "seen", "update", "weight"} == kinds[1, "embedding"]


@pytest.mark.parametrize("reentrant", [True, False])
def test_checkpointing_changes_nothing(reentrant: bool) -> None:
    """Blocks whose forward pass is run again during the backward pass."""

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.Sequential(*[nn.Sequential(nn.Linear(6, 6), nn.Tanh()) for _ in range(4)])
            self.saves = False

        def forward(self, x: Tensor) -> Tensor:
            for layer in self.layers:
                x = checkpoint(layer, x, use_reentrant=reentrant) if self.saves else layer(x)
            return x

    torch.manual_seed(0)
    net, x = Net(), torch.randn(3, 6, requires_grad=True)
    tables = []
    for net.saves in (False, True):
        with GradientRecorder(net, layers="*") as recorder:
            net(x).square().sum().backward()
        tables.append(recorder.table()[["layer", "kind", "position", "log_norm", "size"]])
        net.zero_grad()
    tables = [table.sort_values(["layer", "kind"], key=lambda column: column.astype(str)) for table in tables]
    assert len(tables[0]) == len(tables[1]) > 20
    np.testing.assert_allclose(tables[0].log_norm, tables[1].log_norm, atol=1e-6)


@pytest.mark.parametrize("fused", [False, True])
def test_mixed_precision_is_recorded_without_the_scaler_s_factor(fused: bool) -> None:
    """Scaled or not, the norms agree to bfloat16's rounding; a step the scaler skips has no update."""
    tables = []
    for scaled in (False, True):
        model, loss = made("transformer")
        still(model)
        optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=fused)
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**12, enabled=scaled)
        with GradientRecorder(model, optimizer, scaler=scaler) as recorder:
            for step in range(2):
                optimizer.zero_grad()
                with torch.autocast("cpu", torch.bfloat16):
                    value = loss()
                scaler.scale(value * (torch.inf if scaled and step == 1 else 1)).backward()
                scaler.step(optimizer)
                scaler.update()
                recorder.step(value)
        tables.append(recorder.table())
    plain, scaled_table = (whole(table) for table in tables)
    assert scaled_table == pytest.approx(plain, abs=1e-2)
    last = tables[1][tables[1].step == 1]
    assert set(last[last.kind == "gradient"].state) & {"nan", "infinite"}
    moved = last[last.kind == "update"]
    assert moved.empty or set(moved.state) == {"zero"}


def test_a_penalty_on_the_gradient_is_part_of_the_loss_only() -> None:
    """The inner pass (create_graph) is not recorded; the outer one brings the total derivative."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).double()
    x = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
    kept: list[Tensor] = []

    def run() -> Tensor:
        output = net(x)
        (inner,) = torch.autograd.grad(output.sum(), x, create_graph=True)
        return output.sum() + inner.square().sum()

    handle = net[0].register_forward_hook(lambda _m, _a, output: kept.append(output))
    expected = [gradient.norm().log() for gradient in torch.autograd.grad(run(), kept)]
    handle.remove()
    with GradientRecorder(net, layers="0") as recorder:
        run().backward()
    assert whole(recorder.table())["0", "output"] == pytest.approx(float(expected[0]), abs=1e-12)


def test_a_sparse_gradient_has_the_zeros_that_it_leaves_out() -> None:
    """An embedding with sparse=True, against the dense one."""
    tables = []
    for sparse in (False, True):
        embedding = nn.Embedding.from_pretrained(torch.arange(12.0).reshape(4, 3), freeze=False, sparse=sparse)
        optimizer = torch.optim.SGD(embedding.parameters(), RATE)
        with GradientRecorder(embedding, optimizer) as recorder:
            embedding(torch.tensor([1, 3, 3])).square().sum().backward()
            optimizer.step()
        tables.append(recorder.table())
    pd.testing.assert_frame_equal(*tables)
    assert set(tables[0][tables[0].kind == "gradient"].zeros) == {0.5}


def test_steps_too_small_for_the_weights_type() -> None:
    """bfloat16 weights keep three digits: an update of 10⁻⁶ moves none of them, and the recording says so."""
    net = nn.Linear(4, 4, bias=False).bfloat16()
    nn.init.constant_(net.weight, 1.0)
    optimizer = torch.optim.SGD(net.parameters(), 1e-6)
    with GradientRecorder(net, optimizer) as recorder:
        net(torch.ones(2, 4, dtype=torch.bfloat16)).sum().backward()
        optimizer.step()
    rows = recorder.table().set_index("kind")
    assert rows.log_norm["gradient"] == rows.log_norm["seen"] == pytest.approx(math.log(8))
    assert (rows.state["update"], rows.zeros["update"]) == ("zero", 1.0)


def test_the_update_is_not_rounded_to_the_weights_type() -> None:
    """From 1 to −256 it is 257, which bfloat16 does not have."""
    net = nn.Linear(1, 1, bias=False).bfloat16()
    nn.init.constant_(net.weight, 1.0)
    optimizer = torch.optim.SGD(net.parameters(), 258.0)
    with GradientRecorder(net, optimizer) as recorder:
        net(torch.ones(1, 1, dtype=torch.bfloat16)).sum().backward()
        optimizer.step()
    assert net.weight.item() == -256
    assert recorder.table().set_index("kind").log_norm["update"] == pytest.approx(math.log(257), abs=1e-12)


def test_a_frozen_recurrent_layer_is_not_asked_for_more() -> None:
    """Where nothing below a layer is trained, no gradient goes through it, recorder or not."""
    layer, head = nn.GRU(3, 5).requires_grad_(False), nn.Linear(5, 1)
    net = nn.ModuleList([layer, head])
    with GradientRecorder(net) as recorder:
        states, _ = layer(torch.ones(4, 2, 3))
        assert not states.requires_grad
        head(states).sum().backward()
    assert set(recorder.table().layer) == {ROOT, "1"}


def test_a_graph_of_an_earlier_step_counts_for_no_later_one() -> None:
    """A forward pass belongs to its step: what goes back through it afterwards is not that step's signal, nor the next one's."""
    net = nn.Linear(3, 2)
    with GradientRecorder(net) as recorder:
        late = net(torch.ones(1, 3)).sum()
        net(torch.ones(1, 3)).sum().backward()
        recorder.step()
        (100 * late).backward()
        net(torch.ones(1, 3)).sum().backward()
    signal = [whole(recorder.table(), step)[ROOT, "output"] for step in (0, 1)]
    assert signal[0] == signal[1] == pytest.approx(math.log(math.sqrt(2)))


def test_two_passes_through_one_graph_are_left_out() -> None:
    """Neither pass has the whole gradient of a tensor; the weights' gradient is whole all the same."""
    net = nn.Linear(3, 2)
    with GradientRecorder(net) as recorder:
        output = net(torch.ones(1, 3))
        output.sum().backward(retain_graph=True)
        output.square().sum().backward()
    assert set(recorder.table().kind) == {"gradient"}


def test_log_domain_zeros_and_names() -> None:
    """A gradient of 10⁻³⁰ has a norm, a gradient of exactly 0 is named zero, and the share of zeros is counted."""
    net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))
    with GradientRecorder(net) as recorder:
        for factor in (1.0, 1e-30, 0.0):
            (net(torch.ones(2, 4))[:, 0].sum() * factor).backward()
            recorder.step()
            net.zero_grad()
    table = recorder.table()
    top = table[(table.layer == "1") & (table.kind == "output")]
    assert top.log_norm.iloc[0] == pytest.approx(math.log(math.sqrt(2)))
    assert top.log_norm.iloc[1] == pytest.approx(math.log(math.sqrt(2) * 1e-30), abs=1e-6)
    assert top.zeros.tolist() == [0.75, 0.75, 1.0]
    assert top.state.tolist() == ["ok", "ok", "zero"]


def test_profile_over_layers_is_a_gradient_profile() -> None:
    """A deep tanh network with small weights: the fitted rate is that of the network."""
    torch.manual_seed(0)
    layers = [nn.Linear(64, 64, bias=False) for _ in range(20)]
    for layer in layers:
        nn.init.orthogonal_(layer.weight, 0.5)
    net = nn.Sequential(*layers)
    with GradientRecorder(net) as recorder:
        net(torch.randn(8, 64)).sum().backward()
    profile = recorder.recording().profile(0)
    assert profile.words == tuple(map(str, range(20)))
    assert profile.rate == pytest.approx(0.5, rel=1e-5)


def test_what_is_chosen_by_itself() -> None:
    """Blocks as wholes, what has parameters outside of them, and the model."""
    blocks = {
        "gpt2": [
            "transformer.wte",
            "transformer.wpe",
            *(f"transformer.h.{i}" for i in range(6)),
            "transformer.ln_f",
            "lm_head",
        ],
        "resnet": ["stem", *(f"body.{i}" for i in range(27)), "head"],
        "lstm": ["embedding", "recurrent", "head"],
    }
    for name, expected in blocks.items():
        assert list(choose(made(name)[0])) == [ROOT, *expected]
    stacked = [f"transformer.{part}.layers.{i}" for part in ("encoder", "decoder") for i in range(4)]
    assert set(choose(made("transformer")[0])) >= {*stacked, "transformer.encoder.norm", "embedding", "head"}
    plain = nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    assert list(choose(plain)) == [ROOT, "0.0", "1.0"]
    # a part that occurs once is no block of a repeated kind, however it is wrapped
    wrapped = nn.Sequential(made("resnet")[0], nn.Linear(10, 2))
    assert list(choose(wrapped)) == [ROOT, *(f"0.{name}" for name in blocks["resnet"]), "1"]


def test_layers_by_pattern() -> None:
    """Any module by name, in one or several patterns; a pattern that matches nothing says which names there are."""
    model, _ = made("resnet")
    assert list(choose(model, "body.?.conv?"))[:3] == ["body.0.conv1", "body.0.conv2", "body.1.conv1"]
    assert list(choose(model, ["head", ROOT])) == [ROOT, "head"]
    with pytest.raises(SpecError, match=r"“tail”.*stem"):
        GradientRecorder(model, layers=["head", "tail"])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"model": 3}, "nn.Module"),
        ({"optimizer": 3}, "optim"),
        ({"every": 0}, "every"),
        ({"every": 1.5}, "every"),
        ({"every": True}, "every"),
    ],
)
def test_what_cannot_be_recorded_is_refused(wrong: dict[str, object], says: str) -> None:
    """With the argument named."""
    with pytest.raises(SpecError, match=says):
        GradientRecorder(**({"model": nn.Linear(1, 1)} | wrong))


def test_misuse_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """step() outside, `with` twice, a loss that is no number, a loop that never says where a step ends."""
    net = nn.Linear(1, 1)
    recorder = GradientRecorder(net)
    with pytest.raises(RuntimeError, match="inside"):
        recorder.step()
    with recorder:
        with pytest.raises(RuntimeError, match="already"), recorder:
            pass
        with pytest.raises(ValueError, match="one number"):
            recorder.step(torch.ones(2))
        net(torch.ones(1, 1)).sum().backward()
    assert "never called" in caplog.text
    with pytest.raises(ValueError, match="nothing of kind “seen”"):
        recorder.recording().profile(0, "seen")
    for wrong in ({"kind": "outputs"}, {"layer": "x"}):
        with pytest.raises(ValueError, match=r"must be one of|no layer"):
            recorder.recording().profile(0, **wrong)


def test_an_empty_recording_is_a_table_of_no_rows() -> None:
    """Nothing trained, nothing recorded."""
    with GradientRecorder(nn.Linear(1, 1)) as recorder:
        pass
    assert isinstance(recorder.recording(), Recording)
    assert len(recorder.table()) == 0
