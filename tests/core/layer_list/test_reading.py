"""Lists of layers as text: what can be read is read right, all else is refused with place and way out, nothing is run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from core.fields import SpecError
from core.layer_list.base import Layer
from core.layer_list.kinds import KINDS
from core.layer_list.own_language import read_words
from core.layer_list.plan import Plan
from core.layer_list.reading import MOST_LETTERS, Listing, read_list


def kinds(text: str) -> list[str]:
    """The kinds of all layers, those inside of others too."""
    return [layer.kind for layer in read_list(text).all_layers()]


def test_the_small_language() -> None:
    """Names, numbers, marks, blocks, comments, any separators."""
    plan = read_list(
        "init normal .5  # small\nlinear 64, relu; LSTM 32 x2 f-1.5\nconv1d 8 k5 s2\ndropout .2\nscale 1e2"
    )
    assert plan.init == ("normal", 0.5)
    assert plan.layers == (
        Layer("linear", 64),
        Layer("relu"),
        Layer("lstm", 32, count=2, forget=-1.5),
        Layer("conv1d", 8, kernel=5, stride=2),
        Layer("dropout", 0.2),
        Layer("scale", 100),
    )
    assert kinds("repeat 2 { residual { linear 4 tanh } }") == ["residual", "linear", "tanh"] * 2
    assert kinds("linear 64 relu") == kinds("linear 64\nrelu") == kinds("Linear 64; ReLU")


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_every_kind_can_be_written_as_its_label_says(name: str, kind: object) -> None:
    """The label is an example."""
    label = KINDS[name].label.replace("…", "linear 3")
    assert read_list(label).layers[0].kind == name


WRONG = [
    ("linear 64\nlinaer 32", "line 2.*linaer.*Did you mean “linear”"),
    ("transformer 3", "line 1.*no layer.*Known are linear"),
    ("linear", "linear's number must be from 1 to 1024"),
    ("linear 0", "from 1 to 1024, not 0"),
    ("linear 99999", "not 99999"),
    ("linear 3.5", "whole number"),
    ("dropout 1", "from 0.001 to 0.95"),
    ("lstm 4 k3", "“k3” does not go with lstm"),
    ("lstm 4 x9", "x of lstm must be from 1 to 4"),
    ("64 linear", "“64” stands where"),
    ("linear 4 }", "“}” stands where"),
    ("residual { linear 4", "never closed"),
    ("residual linear 4", "after residual comes"),
    ("residual { }", "nothing inside"),
    ("repeat { linear 4 }", "how often must be from 1"),
    ("repeat 100 { repeat 100 { linear 4 } }", "more than 120 layers"),
    ("repeat 1 {" * 9 + "relu" + "}" * 9, "deep at most"),
    ("init foo", "after init comes one of default"),
    ("linear 4 $", "“\\$” means nothing"),
    ("", "empty"),
    ("# only a comment", "empty"),
    ("relu " * 3000, f"{MOST_LETTERS} letters"),
    ("nn.Linear(16, 4", "never closed"),
    ("nn.MultiheadAttention(16, 4)", "MultiheadAttention.*attach the recorder"),
    ("nn.Linear(16)", "needs its size"),
    ("nn.Linear(16, 99999)", "from 1 to 1024"),
    ("nn.Linear(16, True)", "not True"),
    ("nn.LSTM(4, 4, bidirectional=True)", "bidirectional = True"),
    ("nn.Conv1d(1, 4, 3, dilation=2)", "dilation"),
    ("nn.Linear(16, 4, device=cuda)", "cuda"),
    ("nn.Linear(16, 4, 1, 2, 3)", "more numbers"),
    ("nn.Sequential(*[nn.Linear(3, 3) for _ in range(3)])", "“\\*” can't be read"),
    ("__import__('os').system('true')", "stands where"),
    ("nn.Sequential(print('x'))", "print.*is not known"),
    ("nn.Sequential(nn.ReLU(lambda: 3))", "lambda"),
    ("nn.Sequential((0): 999 x ReLU())", "more than 120"),
    ("(" * 3000, "stands where"),
    ("a(" * 1500, "brackets are too deep|never closed"),
]


@pytest.mark.parametrize(("text", "says"), WRONG, ids=lambda part: str(part)[:30])
def test_what_can_not_be_read_is_refused_in_words(text: str, says: str) -> None:
    """With the place, or the way out."""
    with pytest.raises(SpecError, match=says):
        read_list(text)


class Net(nn.Module):
    """As students write them."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(16, 32)
        self.act = nn.LeakyReLU(0.1)
        self.norm = nn.LayerNorm(32)
        self.more = nn.ModuleList(nn.Linear(32, 32) for _ in range(3))
        self.drop = nn.Dropout(0.3)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(32, 4), nn.Softmax(dim=1))


def test_a_printed_model() -> None:
    """Its parts in order, repeated ones as often as they are there, and remarks about what the text does not say."""
    plan = read_list(str(Net()))
    assert [layer.kind for layer in plan.layers] == [
        "linear",
        "leakyrelu",
        "layernorm",
        *["linear"] * 3,
        "dropout",
        "linear",
    ]
    assert [layer.takes for layer in plan.layers] == [16, 0, 32, 32, 32, 32, 0, 32]
    assert plan.layers[-2].size == 0.3
    assert [any(word in note for note in plan.notes) for word in ("“Net”", "Softmax", "constant")] == [True] * 3


PARTS = [
    (nn.Linear(16, 64, bias=False), Layer("linear", 64, takes=16)),
    (nn.Conv1d(1, 16, 5, stride=2, padding=2), Layer("conv1d", 16, kernel=5, stride=2, takes=1)),
    (nn.LSTM(8, 32, 2, batch_first=True), Layer("lstm", 32, count=2, takes=8)),
    (nn.GRU(8, 32), Layer("gru", 32, takes=8)),
    (nn.RNN(8, 32), Layer("rnn", 32, takes=8)),
    (nn.Embedding(50, 16), Layer("embedding", 16, takes=50)),
    (nn.LayerNorm(32), Layer("layernorm", takes=32)),
    (nn.BatchNorm1d(32), Layer("batchnorm", takes=32)),
    (nn.MaxPool1d(2, 4), Layer("maxpool", 2)),
    (nn.AvgPool1d(3), Layer("avgpool", 3)),
    (nn.Dropout(0.25), Layer("dropout", 0.25)),
    (nn.GELU(), Layer("gelu")),
    (nn.SiLU(), Layer("silu")),
    (nn.ELU(), Layer("elu")),
    (nn.Tanh(), Layer("tanh")),
]


@pytest.mark.parametrize(("module", "layer"), PARTS, ids=lambda part: str(part)[:20])
def test_torchs_own_words_for_each_part(module: nn.Module, layer: Layer) -> None:
    """As torch prints it, alone and in a Sequential."""
    assert read_list(str(module)).layers == (layer,)
    assert read_list(str(nn.Sequential(module, module))).layers == (layer, layer)


def test_as_in_a_program() -> None:
    """With or without a name in front, comments and commas."""
    program = (
        "model = nn.Sequential(\n    torch.nn.Linear(16, 64),  # first\n    nn.ReLU(inplace=True),\n  nn.Linear(64, 4))"
    )
    assert read_list(program).layers == (Layer("linear", 64, takes=16), Layer("relu"), Layer("linear", 4, takes=64))
    assert kinds("nn.Linear(16, 8)\nnn.Tanh()") == ["linear", "tanh"]
    assert kinds(
        "nn.Sequential(nn.Sequential(nn.Tanh(), nn.Identity()), nn.Conv1d(in_channels=1, out_channels=4, kernel_size=3))"
    ) == [
        "tanh",
        "conv1d",
    ]


SIGNS = ["{", "}", "3", ".5", "x2", "(", ")", ",", "=", "16", "(0):", "'", "\n"]
words = st.sampled_from([*KINDS, "repeat", "init", "nn.Linear", *SIGNS])


@given(st.one_of(st.text(max_size=200), st.lists(words, max_size=40).map(" ".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing else than SpecError comes out."""
    try:
        plan = read_list(text)
    except SpecError:
        return
    assert isinstance(plan, Plan) and plan.layers
    assert all(layer.kind in KINDS for layer in plan.all_layers())


def test_the_rule_of_a_field() -> None:
    """Keeps line breaks, drops what is invisible, refuses what can't be read."""
    rule = Listing("Layers")
    assert rule.check("layers", "linear 4\r\n\x00relu\t") == "linear 4\nrelu "
    assert rule.parse("layers", rule.text("linear 4\nrelu")) == "linear 4\nrelu"
    for bad in ("nonsense", 3, None):
        with pytest.raises(SpecError):
            rule.check("layers", bad)


def test_lines_are_counted_for_messages() -> None:
    """The line of the word that is wrong, comments and empty lines included."""
    with pytest.raises(SpecError, match="line 4"):
        read_words("linear 4 # x\n\nrelu\nfoo")
