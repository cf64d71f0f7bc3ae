"""The script that prints a gradient profile, or a map: whose loss reaches which step.

The marks are those of ``core.export.snippets``.
"""

STREAM = '''\
def stream(name):
    """A random generator of its own for each tensor: changing one leaves the others as they were."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])'''

MATRIX = """\
?matrix|def draw_matrix(rng, fan_out, fan_in):
?matrix|    # $initialiser_lesson
?matrix|    $initialiser
?matrix?radius|    largest = np.abs(np.linalg.eigvals(matrix)).max() or 1.0  # a matrix of zeros stays one
?matrix?radius|    matrix = matrix * (RADIUS / largest)
?matrix?gain|    matrix = GAIN * matrix
?matrix|    return matrix
?matrix|
?matrix|"""

_PROFILE_SAYS = '''\
"""How much of the loss's signal reaches each $place? In plain PyTorch, without Gradient Decay Lab.

$about

?shown|Prints a line for each step: its number, the word read there, and the norm of dL/dh over the batch,
?!shown|Prints a line for each $place: its number and the norm of dL/dh over the batch,
before any training. The digits are the Lab's; only a chaotic network, on another machine, may show
others, because it magnifies differences in rounding too.
?dropout|Dropout is left out: it is off when a gradient is measured.
"""
'''

_MAP_SAYS = '''\
"""Whose loss reaches which step? In plain PyTorch, without Gradient Decay Lab.

$about

Every step t gets a loss of its own: what the network would answer there. Prints a line for each t:
the norms, over the batch, of that loss's gradient at h of step 0, 1, ... t, before any training.
"""
'''

_BODY = '''\

import zlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)  # float32 would lose what is below 1e-45

$settings


$stream


def rounded(values):
    """Weights are stored as float32, and computed with as float64."""
    return torch.from_numpy(values.astype(np.float32)).double()


$matrix
# --- The data: a batch of examples, and the answer to each
$lexicon
rng = np.random.default_rng([SEED, 2])
$task
?words|number = {word: i for i, word in enumerate(vocabulary)}
?words|table = rounded(stream("embedding").standard_normal((len(vocabulary), $embedding)))
?words|x = table[[[number[word] for word in sentence] for sentence in sentences]]  # (BATCH, words, numbers)


# --- The network, and every h on the way through it
$network
$pass


# --- The loss
bound = 1 / np.sqrt($read)
rng = stream("readout")
readout = torch.nn.Linear($read, ANSWERS)
readout.load_state_dict({
    "weight": rounded(rng.uniform(-bound, bound, (ANSWERS, $read))),
    "bias": rounded(rng.uniform(-bound, bound, ANSWERS)),
})
'''

_PROFILE = """\
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
"""

_MAP = """\


# --- Each step's own loss, and its gradient with respect to every h up to there
target = torch.from_numpy(target)
?shown|for t, (h, word) in enumerate(zip(hs, sentences[0])):
?!shown|for t, h in enumerate(hs):
?!each_step?!number|    loss = F.cross_entropy(readout(h), target)
?number|    loss = F.mse_loss(readout(h)[:, 0], target)
?each_step|    asked = max(1, (target[:, t] >= 0).sum())  # of the examples; in some tasks nothing is asked at some steps
?each_step|    loss = F.cross_entropy(readout(h), target[:, t], ignore_index=-1, reduction="sum") / asked
    gradients = torch.autograd.grad(loss, hs[: t + 1], retain_graph=True)
?shown|    print(f"{t:3d}  {word:12s}", *(f"{gradient.norm():.4e}" for gradient in gradients))
?!shown|    print(f"{t:3d} ", *(f"{gradient.norm():.4e}" for gradient in gradients))
"""

SCRIPT = _PROFILE_SAYS + _BODY + _PROFILE
MAP = _MAP_SAYS + _BODY + _MAP
