"""The layers that a list may hold: one entry each, read by the small language, by PyTorch's text, and by what builds them."""

from torch import Tensor, nn

from ..registry import registry
from .base import EVERYTHING, POINTS, SEQUENCE, SIGNAL, Kind, Layer

MARKS = {"x": ("count", 1, 4), "k": ("kernel", 1, 15), "s": ("stride", 1, 4), "f": ("forget", -10, 10)}


class Scale(nn.Module):
    """Multiplies by a fixed number, as inputs do that nobody has normalised."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Multiplies a tensor of any shape."""
        return x * self.factor


def _activation(name: str, make: type[nn.Module], lesson: str) -> Kind:
    return Kind(name, name, lesson, lambda layer, inputs: make(), (make.__name__,), ("ignored",))


def _recurrent(name: str, cell: type[nn.RNNBase], lesson: str, marks: str = "x") -> Kind:
    def make(layer: Layer, inputs: int) -> nn.Module:
        module: nn.RNNBase = cell(inputs, int(layer.size), layer.count, batch_first=True)  # type: ignore[arg-type]
        for stacked in range(layer.count if layer.forget else 0):
            bias = getattr(module, f"bias_ih_l{stacked}")  # torch has two biases; what counts is their sum
            getattr(module, f"bias_hh_l{stacked}").data[int(layer.size) : 2 * int(layer.size)] = 0.0
            bias.data[int(layer.size) : 2 * int(layer.size)] = layer.forget
        return module

    arguments = ("takes", "size", "count")
    label = f"{name} 32 x2{' f1' if 'f' in marks else ''}"
    return Kind(name, label, lesson, make, (cell.__name__,), arguments, (SEQUENCE,), 1, 256, 0, marks, True)


def _pool(name: str, make: type[nn.Module], lesson: str) -> Kind:
    def pool(layer: Layer, inputs: int) -> nn.Module:
        return make(int(layer.size))

    return Kind(name, f"{name} 2", lesson, pool, (make.__name__,), ("size", "ignored"), (SIGNAL,), 1, 8, 2)


KINDS = registry(
    Kind(
        "linear",
        "linear 64",
        "A weight for every pair of input and unit, and a bias.",
        lambda layer, inputs: nn.Linear(inputs, int(layer.size)),
        ("Linear",),
        ("takes", "size"),
        (POINTS, SEQUENCE),
        1,
        1024,
        wide=True,
    ),
    _activation("relu", nn.ReLU, "Slope 1 or 0."),
    _activation("leakyrelu", nn.LeakyReLU, "Slope 1 or a hundredth: it can not die."),
    _activation("elu", nn.ELU, "Like ReLU, with a soft knee."),
    _activation("gelu", nn.GELU, "A smooth ReLU."),
    _activation("silu", nn.SiLU, "A smooth ReLU, too."),
    _activation("tanh", nn.Tanh, "Slope 1 in the middle, 0 at both ends."),
    _activation("sigmoid", nn.Sigmoid, "Slope ¼ at most."),
    Kind(
        "layernorm",
        "layernorm",
        "Each example to mean 0 and variance 1.",
        lambda layer, inputs: nn.LayerNorm(inputs),
        ("LayerNorm",),
        ("takes",),
        (POINTS, SEQUENCE),
    ),
    Kind(
        "batchnorm",
        "batchnorm",
        "Each unit to mean 0 and variance 1 over the batch.",
        lambda layer, inputs: nn.BatchNorm1d(inputs),
        ("BatchNorm1d",),
        ("takes",),
        (POINTS, SIGNAL),
    ),
    Kind(
        "dropout",
        "dropout .2",
        "Leaves out a share of the units at random.",
        lambda layer, inputs: nn.Dropout(layer.size),
        ("Dropout", "Dropout1d"),
        ("size",),
        EVERYTHING,
        0.001,
        0.95,
        0.5,
    ),
    Kind(
        "conv1d",
        "conv1d 16 k3 s1",
        "The same few weights at every place: k is their number, s the step.",
        lambda layer, inputs: nn.Conv1d(inputs, int(layer.size), layer.kernel, layer.stride, layer.kernel // 2),
        ("Conv1d",),
        ("takes", "size", "kernel", "stride", "ignored"),
        (SIGNAL,),
        1,
        128,
        marks="ks",
        wide=True,
    ),
    _pool("maxpool", nn.MaxPool1d, "The largest of a few neighbours."),
    _pool("avgpool", nn.AvgPool1d, "The mean of a few neighbours."),
    _recurrent("rnn", nn.RNN, "A plain recurrent layer with tanh; x: layers on top of each other."),
    _recurrent("gru", nn.GRU, "Two gates."),
    _recurrent("lstm", nn.LSTM, "A cell with three gates; f: forget bias.", "xf"),
    Kind(
        "embedding",
        "embedding 16",
        "A vector for each word; only as the first layer.",
        lambda layer, inputs: nn.Embedding(inputs, int(layer.size)),
        ("Embedding",),
        ("takes", "size"),
        (SEQUENCE,),
        1,
        128,
        wide=True,
    ),
    Kind(
        "scale",
        "scale 30",
        "Multiplies by a number: as the first layer, inputs that nobody has normalised.",
        lambda layer, inputs: Scale(layer.size),
        low=1e-3,
        high=1e3,
    ),
    Kind("residual", "residual { … }", "Adds its input to what is inside of it.", lambda layer, inputs: nn.Identity()),
)
RECURRENT = ("rnn", "gru", "lstm")
CONVOLUTIONAL = ("conv1d", "maxpool", "avgpool")
