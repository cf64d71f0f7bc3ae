"""The pieces of the scripts that ``core.export`` writes: one text per choice, and the script that holds them together.

``$name`` is a gap for text, ``?flag|`` starts a line that only some experiments need (``?!flag|``: that the others
need), ``# $name`` is a comment to be wrapped.
"""

from collections.abc import Mapping

_NORMAL = "rng.standard_normal((fan_out, fan_in))"
_DRAW_FILLERS = """\
fillers = rng.integers(len(FILLERS), size=(BATCH, GAP))
fillers[0] = np.arange(GAP) % len(FILLERS)  # in their natural order in the sentence that is shown"""

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
        "layer": "z = F.layer_norm(z, [WIDTH])  # mean 0 and variance 1 in each example",
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
    },
    "cell": {
        "tanh": "torch.nn.RNNCell(inputs, HIDDEN)",
        "gru": "torch.nn.GRUCell(inputs, HIDDEN)",
        "lstm": "torch.nn.LSTMCell(inputs, HIDDEN)",
        "relu": 'torch.nn.RNNCell(inputs, HIDDEN, nonlinearity="relu")',
    },
    "task": {  # from rng to target and x, or to target, sentences and vocabulary
        "france": f"""\
target = rng.integers(ANSWERS, size=BATCH)
target[0] = 0  # the first sentence is about France
{_DRAW_FILLERS}
sentences = [
    ["I", "went", "to", COUNTRIES[answer], *(FILLERS[i] for i in row), "I", "speak"]
    for answer, row in zip(target, fillers)
]
vocabulary = dict.fromkeys(["I", "went", "to", "speak", *COUNTRIES, *FILLERS])  # each word once""",
        "waswere": f"""\
NOUNS = [SINGULAR, PLURAL]
target = rng.integers(ANSWERS, size=BATCH)
nouns = rng.integers(len(SINGULAR), size=BATCH)
target[0], nouns[0] = 1, 0  # the first sentence is about cats
{_DRAW_FILLERS}
?attractors|nouns_in_gap = min(ATTRACTORS, GAP)
?attractors|places = [(2 * i + 1) * GAP // (2 * nouns_in_gap) for i in range(nouns_in_gap)]
sentences = []
for answer, noun, row in zip(target, nouns, fillers):
    between = [FILLERS[i] for i in row]
?attractors|    for i, place in enumerate(places):  # nouns that may mislead; the first sentence has fixed ones
?attractors|        other = NOUNS[rng.integers(2)][rng.integers(len(SINGULAR))]
?attractors|        between[place] = other if sentences else NOUNS[i % 2][(i + 1) % len(SINGULAR)]
    sentences.append(["the", NOUNS[answer][noun], "which", ["was", "were"][answer], *between, ","])
vocabulary = dict.fromkeys(  # each word once
    ["the", "which", "was", "were", ",", *SINGULAR, *PLURAL, *FILLERS]
)""",
        "noise": """\
x = torch.from_numpy(rng.standard_normal((BATCH, LENGTH, INPUTS)))
target = rng.integers(ANSWERS, size=BATCH)  # has nothing to do with x""",
        "blobs": """\
centres = np.random.default_rng([SEED, 101]).standard_normal((ANSWERS, INPUTS))
target = rng.integers(ANSWERS, size=BATCH)
x = torch.from_numpy(centres[target] + SPREAD * rng.standard_normal((BATCH, INPUTS)))""",
    },
    "network": {  # from x to h, the last one, and hs, all of them
        "mlp": """\
# $activation_lesson
h, hs = x, []
for i in range(DEPTH):
    layer = torch.nn.Linear(h.shape[1], WIDTH)
    layer.load_state_dict({
        "weight": rounded(draw_matrix(stream(f"hidden.{i}"), WIDTH, h.shape[1])),
?bias_std|        "bias": rounded(BIAS_STD * stream(f"hidden.{i}.bias").standard_normal(WIDTH)),
?!bias_std|        "bias": torch.zeros(WIDTH),
    })
    z = layer(h)
    $normalisation
?!residual|    h = $activation
?residual|    new = $activation
?residual|    h = h + new if h.shape == new.shape else new  # a layer that changes the width cannot add
    hs.append(h)""",
        "rnn": """\
def make_cell(layer, inputs):
    # $cell_lesson
    cell = $cell
    bound = 1 / np.sqrt(HIDDEN)
    rng = stream(f"layer {layer}")
    weight_ih = rng.uniform(-bound, bound, cell.weight_ih.shape)
    bias = rng.uniform(-bound, bound, (2, len(cell.bias_ih)))
?forget|    bias.reshape(2, GATES, HIDDEN)[:, $forget] = [[FORGET_BIAS], [0]]  # the forget gate's
?!gates|    weight_hh = draw_matrix(stream(f"layer {layer} gate 0"), HIDDEN, HIDDEN)
?gates|    weight_hh = np.concatenate([
?gates|        draw_matrix(stream(f"layer {layer} gate {gate}"), HIDDEN, HIDDEN) for gate in range(GATES)
?gates|    ])
    cell.load_state_dict({
        "weight_ih": rounded(weight_ih),
        "weight_hh": rounded(weight_hh),
        "bias_ih": rounded(bias[0]),
        "bias_hh": rounded(bias[1]),
    })
    return cell


?!stacked|cell = make_cell(0, inputs=x.shape[2])
?!stacked|h = torch.zeros(BATCH, HIDDEN)
?!stacked?memory|c = torch.zeros(BATCH, HIDDEN)
?!stacked|hs = []
?!stacked|for t in range(x.shape[1]):
?!stacked?!memory|    h = cell(x[:, t], h)
?!stacked?memory|    h, c = cell(x[:, t], (h, c))
?!stacked|    hs.append(h)
?stacked|cells = [make_cell(layer, inputs=HIDDEN if layer else x.shape[2]) for layer in range(LAYERS)]
?stacked|h = [torch.zeros(BATCH, HIDDEN)] * LAYERS
?stacked?memory|c = [torch.zeros(BATCH, HIDDEN)] * LAYERS
?stacked|hs = []
?stacked|for t in range(x.shape[1]):
?stacked|    up = x[:, t]
?stacked|    for layer, cell in enumerate(cells):
?stacked?!memory|        up = cell(up, h[layer])
?stacked?memory|        up, c[layer] = cell(up, (h[layer], c[layer]))
?stacked|        h[layer] = up
?stacked|        hs.append(up)
?stacked|h = h[-1]""",
    },
}

SCRIPT = '''\
"""How much of the loss's signal reaches each $place? In plain PyTorch, without Gradient Decay Lab.

$about

?words|Prints a line for each step: its number, the word read there, and the norm of dL/dh over the batch,
?!words|Prints a line for each $place: its number and the norm of dL/dh over the batch,
before any training. The digits are the Lab's; only a chaotic network, on another machine, may show
others, because it magnifies differences in rounding too.
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


def draw_matrix(rng, fan_out, fan_in):
    # $initialiser_lesson
    $initialiser
?radius|    largest = np.abs(np.linalg.eigvals(matrix)).max() or 1.0  # a matrix of zeros stays one
?radius|    matrix = matrix * (RADIUS / largest)
?gain|    matrix = GAIN * matrix
    return matrix


# --- The data: a batch of examples, and the answer to each
rng = np.random.default_rng([SEED, 2])
$task
?words|number = {word: i for i, word in enumerate(vocabulary)}
?words|table = rounded(stream("embedding").standard_normal((len(vocabulary), EMBEDDING)))
?words|x = table[[[number[word] for word in sentence] for sentence in sentences]]  # (BATCH, words, EMBEDDING)


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
loss = F.cross_entropy(readout(h), torch.from_numpy(target))


# --- Its gradient with respect to every h (a norm squares its numbers: below about 1e-160 it reads 0)
?!stacked|gradients = torch.autograd.grad(loss, hs)
?!stacked|norms = torch.stack(gradients).flatten(1).norm(dim=1).tolist()
?stacked|gradients = torch.autograd.grad(loss, hs, allow_unused=True, materialize_grads=True)
?stacked|norms = torch.stack(gradients).reshape(x.shape[1], -1).norm(dim=1).tolist()  # all layers together
?mlp|for i, norm in enumerate(norms, start=1):
?mlp|    print(f"{i:3d}  {norm:.6e}")
?words|for t, (word, norm) in enumerate(zip(sentences[0], norms)):
?words|    print(f"{t:3d}  {word:12s}  {norm:.6e}")
?!mlp?!words|for t, norm in enumerate(norms):
?!mlp?!words|    print(f"{t:3d}  {norm:.6e}")
'''
