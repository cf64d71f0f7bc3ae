"""The pieces of the scripts that this package writes: one text per choice.

``$name`` is a gap for text, ``?flag|`` starts a line that only some experiments need (``?!flag|``: that the others
need), ``# $name`` is a comment to be wrapped.
"""

from collections.abc import Mapping

from . import attention, layers, recurrent
from .tasks import TASKS
from .training import DROPOUTS, OPTIMISERS

_NORMAL = "rng.standard_normal((fan_out, fan_in))"

SNIPPETS: Mapping[str, Mapping[str, str]] = {
    "activation": {
        "tanh": "torch.tanh(z)",
        "sigmoid": "torch.sigmoid(z)",
        "relu": "torch.relu(z)",
        "gelu": "F.gelu(z)",
        "identity": "z",
    },
    "normalisation": {
        "none": "",
        "layer": "z = F.layer_norm(z, z.shape[1:])  # mean 0 and variance 1 in each example",
        "batch": "z = F.batch_norm(z, None, None, training=True)  # mean 0 and variance 1 in each unit",
    },
    "initialiser": {
        "default": "matrix = rng.uniform(-1, 1, (fan_out, fan_in)) / np.sqrt(fan_in)",
        "xavier": f"matrix = np.sqrt(2 / (fan_in + fan_out)) * {_NORMAL}",
        "he": f"matrix = np.sqrt(2 / fan_in) * {_NORMAL}",
        "orthogonal": """\
q, r = np.linalg.qr(rng.standard_normal((max(fan_out, fan_in), min(fan_out, fan_in))))
q = q * np.sign(np.diag(r))  # so that every rotation is equally likely
matrix = q if fan_out >= fan_in else q.T""",
        "gaussian": f"matrix = {_NORMAL} / np.sqrt(fan_in)",
        "identity": "matrix = np.eye(fan_out, fan_in)",
        "normal": f"matrix = SIGMA * {_NORMAL}",
        "nonnormal": """\
n = max(fan_out, fan_in)
angles = np.repeat(rng.uniform(0, 2 * np.pi, (n + 1) // 2), 2)[:n]
turns = np.diag(np.cos(angles))  # a rotation of each pair of units
first = np.arange(0, n - 1, 2)
turns[first + 1, first] = np.sin(angles[first])
turns[first, first + 1] = -np.sin(angles[first])
if n % 2:
    turns[-1, -1] = 1
pair = np.arange(n) // 2
above = rng.standard_normal((n, n)) * (pair[:, None] < pair)
q, r = np.linalg.qr(rng.standard_normal((n, n)))
q = q * np.sign(np.diag(r))
matrix = (q @ (0.9 * turns + SHEAR / np.sqrt(n) * above) @ q.T)[:fan_out, :fan_in]""",
    },
    "cell": {  # from from_x and from_h, two sums of products, to h
        "tanh": "h = torch.tanh(from_x + from_h)",
        "gru": """\
reset, update = torch.sigmoid(from_x[:, : 2 * HIDDEN] + from_h[:, : 2 * HIDDEN]).chunk(2, 1)
new = torch.tanh(from_x[:, 2 * HIDDEN :] + reset * from_h[:, 2 * HIDDEN :])
h = (1 - update) * new + update * h""",
        "lstm": """\
write, keep, new, show = (from_x + from_h).chunk(4, 1)
c = torch.sigmoid(keep) * c + torch.sigmoid(write) * torch.tanh(new)
h = torch.sigmoid(show) * torch.tanh(c)""",
        "relu": "h = torch.relu(from_x + from_h)",
        "sigmoid": "h = torch.sigmoid(from_x + from_h)",
        "leaky": "h = (1 - LEAK) * h + LEAK * torch.tanh(from_x + from_h)",
        "peephole": """\
write, keep, new, show = (from_x + from_h).chunk(4, 1)
written = torch.sigmoid(write + at_write * c) * torch.tanh(new)
c = torch.sigmoid(keep + at_keep * c) * c + written
h = torch.sigmoid(show + at_show * c) * torch.tanh(c)""",
        "lru": """\
h = lam * torch.complex(*h.chunk(2, 1)) + gamma * torch.complex(*from_x.chunk(2, 1))
h = torch.cat([h.real, h.imag], 1)""",
        "mingru": """\
update, new = from_x.chunk(2, 1)
h = h + torch.sigmoid(update) * (new - h)""",
    },
    "skip": {  # from activation(z), and the layer's input h, to the new h
        "none": "h = $activation",
        "residual": """\
new = $activation
h = h + new if h.shape == new.shape else new  # a layer that changes the width cannot add""",
        "highway": """\
new = $activation
if h.shape == new.shape:  # a layer that changes the width has no way past it
    share = torch.sigmoid(gate($seen))
    new = share * new + (1 - share) * h
h = new""",
    },
    "block_norm": {
        "none": "new = f(h)",
        "pre": "new = f(norm(h))",
        "post": "new = f(h)",
    },
    "task": TASKS,
    "network": {"rnn": recurrent.MAKE, "mlp": layers.MAKE, "cnn": layers.MAKE, "attention": attention.MAKE},
    "dropout": DROPOUTS,
    "optimiser": OPTIMISERS,
}

PASSES = {"rnn": recurrent.PASS, "mlp": layers.PASS, "cnn": layers.PASS, "attention": attention.PASS}

TORCH_CELLS: Mapping[str, str] = {  # where torch has the cell as a module
    "tanh": "torch.nn.RNNCell(inputs, HIDDEN)",
    "gru": "torch.nn.GRUCell(inputs, HIDDEN)",
    "lstm": "torch.nn.LSTMCell(inputs, HIDDEN)",
    "relu": 'torch.nn.RNNCell(inputs, HIDDEN, nonlinearity="relu")',
}

CONSTANTS: Mapping[str, tuple[str, str]] = {  # what else a cell draws, and what it makes of it
    "peephole": (
        'peep = rounded(stream(f"layer {layer} own").uniform(-1, 1, 3 * HIDDEN) / np.sqrt(HIDDEN))',
        "at_write, at_keep, at_show = peep.chunk(3)",
    ),
    "lru": (
        """\
rng = stream(f"layer {layer} own")
low, high = sorted([R_MIN, R_MAX])
square = rng.uniform(low**2, high**2, HIDDEN)  # of |lambda|: evenly over the ring
nu = rounded(np.log(-0.5 * np.log(square)))
theta = rounded(np.log(2 * np.pi * (1 - rng.random(HIDDEN))))""",
        """\
lam = torch.exp(torch.complex(-nu.exp(), theta.exp()))
gamma = torch.sqrt(-torch.expm1(-2 * nu.exp()))  # the root of 1 - |lambda|^2""",
    ),
}
