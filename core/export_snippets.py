"""The pieces of the scripts that ``core.export`` writes: one text per choice, and the script that holds them together.

``$name`` is a gap for text, ``?flag|`` starts a line that only some experiments need (``?!flag|``: that the others
need), ``# $name`` is a comment to be wrapped.
"""

from collections.abc import Mapping

from core.export_networks import NETWORKS
from core.export_tasks import TASKS

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
    gate = torch.sigmoid(make_layer(f"gate.{i}", h.shape[1], np.full(WIDTH, GATE_BIAS))($seen))
    new = gate * new + (1 - gate) * h
h = new""",
    },
    "block_norm": {
        "none": "new = f(h)",
        "pre": "new = f(norm(h))",
        "post": "new = f(h)",
    },
    "task": TASKS,
    "network": NETWORKS,
}

TORCH_CELLS: Mapping[str, str] = {  # where torch has the cell as a module
    "tanh": "torch.nn.RNNCell(inputs, HIDDEN)",
    "gru": "torch.nn.GRUCell(inputs, HIDDEN)",
    "lstm": "torch.nn.LSTMCell(inputs, HIDDEN)",
    "relu": 'torch.nn.RNNCell(inputs, HIDDEN, nonlinearity="relu")',
}

CONSTANTS: Mapping[str, str] = {  # what else a cell draws
    "peephole": """\
peep = stream(f"layer {layer} own").uniform(-1, 1, 3 * HIDDEN) / np.sqrt(HIDDEN)
at_write, at_keep, at_show = rounded(peep).chunk(3)""",
    "lru": """\
rng = stream(f"layer {layer} own")
low, high = sorted([R_MIN, R_MAX])
square = rng.uniform(low**2, high**2, HIDDEN)  # of |lambda|: evenly over the ring
nu = rounded(np.log(-0.5 * np.log(square)))
theta = rounded(np.log(2 * np.pi * (1 - rng.random(HIDDEN))))
lam = torch.exp(torch.complex(-nu.exp(), theta.exp()))
gamma = torch.sqrt(1 - lam.abs() ** 2)""",
}

SCRIPT = '''\
"""How much of the loss's signal reaches each $place? In plain PyTorch, without Gradient Decay Lab.

$about

?shown|Prints a line for each step: its number, the word read there, and the norm of dL/dh over the batch,
?!shown|Prints a line for each $place: its number and the norm of dL/dh over the batch,
before any training. The digits are the Lab's; only a chaotic network, on another machine, may show
others, because it magnifies differences in rounding too.
?dropout|Dropout is left out: it is off when a gradient is measured.
"""

import zlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)  # float32 would lose what is below 1e-45

$settings


def stream(name):
    """A random generator of its own for each tensor: changing one leaves the others as they were."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def rounded(values):
    """Weights are stored as float32, and computed with as float64."""
    return torch.from_numpy(values.astype(np.float32)).double()


?matrix|def draw_matrix(rng, fan_out, fan_in):
?matrix|    # $initialiser_lesson
?matrix|    $initialiser
?matrix?radius|    largest = np.abs(np.linalg.eigvals(matrix)).max() or 1.0  # a matrix of zeros stays one
?matrix?radius|    matrix = matrix * (RADIUS / largest)
?matrix?gain|    matrix = GAIN * matrix
?matrix|    return matrix
?matrix|
?matrix|
# --- The data: a batch of examples, and the answer to each
rng = np.random.default_rng([SEED, 2])
$task
?words|number = {word: i for i, word in enumerate(vocabulary)}
?words|table = rounded(stream("embedding").standard_normal((len(vocabulary), $embedding)))
?words|x = table[[[number[word] for word in sentence] for sentence in sentences]]  # (BATCH, words, numbers)


# --- The network, and every h on the way through it
$network


# --- The loss
width = h.shape[1]
bound = 1 / np.sqrt(width)
rng = stream("readout")
readout = torch.nn.Linear(width, ANSWERS)
readout.load_state_dict({
    "weight": rounded(rng.uniform(-bound, bound, (ANSWERS, width))),
    "bias": rounded(rng.uniform(-bound, bound, ANSWERS)),
})
?!each_step?!number|loss = F.cross_entropy(readout(h), torch.from_numpy(target))
?number|loss = F.mse_loss(readout(h)[:, 0], torch.from_numpy(target))
?each_step|logits = readout($every_h)  # (steps, BATCH, ANSWERS)
?each_step|loss = F.cross_entropy(logits.flatten(0, 1), torch.from_numpy(target).T.flatten(), ignore_index=-1)


# --- Its gradient with respect to every h (a norm squares its numbers: below about 1e-160 it reads 0)
?attention|(gradient,) = torch.autograd.grad(loss, hs)
?attention|norms = gradient.norm(dim=(0, 2)).tolist()
?!attention?!stacked|gradients = torch.autograd.grad(loss, hs)
?!attention?!stacked|norms = torch.stack(gradients).flatten(1).norm(dim=1).tolist()
?stacked|gradients = torch.autograd.grad(loss, hs, allow_unused=True, materialize_grads=True)
?stacked|norms = torch.stack(gradients).reshape(x.shape[1], -1).norm(dim=1).tolist()  # all layers together
?layers|for i, norm in enumerate(norms, start=1):
?layers|    print(f"{i:3d}  {norm:.6e}")
?shown|for t, (word, norm) in enumerate(zip(sentences[0], norms)):
?shown|    print(f"{t:3d}  {word:12s}  {norm:.6e}")
?!layers?!shown|for t, norm in enumerate(norms):
?!layers?!shown|    print(f"{t:3d}  {norm:.6e}")
'''
