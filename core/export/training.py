"""The script that this package writes for a training, and the texts that only a training needs.

The marks are those of ``core.export.snippets``.
"""

from collections.abc import Mapping

OPTIMISERS: Mapping[str, str] = {
    "adam": "torch.optim.Adam(weights, lr=LEARNING_RATE)",
    "rmsprop": "torch.optim.RMSprop(weights, lr=LEARNING_RATE)",
    "sgd": "torch.optim.SGD(weights, lr=LEARNING_RATE)",
    "momentum": "torch.optim.SGD(weights, lr=LEARNING_RATE, momentum=0.9)",
    "nesterov": "torch.optim.SGD(weights, lr=LEARNING_RATE, momentum=0.9, nesterov=True)",
}

_MASKED = "from_h = (h if noise is None else h * noise) @ $weight_hh.T"

DROPOUTS: Mapping[str, str] = {  # from h to from_h, before the bias
    "none": "",
    "naive": _MASKED,
    "variational": _MASKED,
    "fast": """\
from_h = h @ $weight_hh.T
if noise is not None:
    variance = h.square() @ $weight_hh.square().T
    from_h = from_h + variance.clamp_min(torch.finfo(h.dtype).tiny).sqrt() * noise""",
}

DRAWS: Mapping[str, str] = {  # the noise of one layer for all steps
    "naive": "return (torch.rand((steps, size, HIDDEN), generator=generator) >= DROP) / (1 - DROP)",
    "variational": """\
mask = (torch.rand((1, size, HIDDEN), generator=generator) >= DROP) / (1 - DROP)
return mask.expand(steps, size, HIDDEN)""",
    "fast": """\
spread = (DROP / (1 - DROP)) ** 0.5
return spread * torch.randn((steps, size, $rows), generator=generator)""",
}

SCRIPT = '''\
"""Trains a network step by step. In plain PyTorch, without Gradient Decay Lab.

$about

?!local|Prints a line for every FILM_EVERY training steps: the step, the share of right answers to 256 new
?!local|examples, and the loss on them.
?local|Prints a line for every FILM_EVERY training steps: the step, the share of right answers that need
?local|memory and of the others, on 256 new examples, and the loss on them.
The first lines are the Lab's. Training magnifies differences in rounding, so that later lines may
differ in their last digits, and in more of them where the training is chaotic.
"""

import zlib

import numpy as np
import torch
import torch.nn.functional as F

$settings


$stream


weights = []  # all that is trained


def rounded(values):
    """A weight, which is stored as float32 and will be trained."""
    weights.append(torch.from_numpy(values.astype(np.float32)).requires_grad_())
    return weights[-1]


$matrix
# --- The data: a batch of examples, and the answer to each
$lexicon
?words|number = {word: i for i, word in enumerate(vocabulary)}


def draw_batch(rng, size$mode):
    $task
?words|    x = torch.tensor([[number[word] for word in sentence] for sentence in sentences])
?words|    return x, torch.from_numpy(target)
?!words?!number|    return x.float(), torch.from_numpy(target)
?number|    return x.float(), torch.from_numpy(target).float()


test_x, test_target = draw_batch(np.random.default_rng([SEED, 2]), 256$test)  # never trained on


# --- The network
?words|table = rounded(stream("embedding").standard_normal((len(vocabulary), $embedding)))
?words?!attention|
?words?!attention|
$network
rng = stream("readout")
bound = 1 / np.sqrt($read)
out_weight = rounded(rng.uniform(-bound, bound, (ANSWERS, $read)))
out_bias = rounded(rng.uniform(-bound, bound, ANSWERS))


?!noisy|def answer(x):
?noisy|def answer(x, generator=None):  # without a generator there is no dropout
?words|    x = table[x]
    $pass
?each_step?!sparsity|    return F.linear($every_h, out_weight, out_bias)  # (steps, examples, answers)
?!each_step?!sparsity|    return F.linear(h, out_weight, out_bias)
?each_step?sparsity|    return F.linear($every_h, out_weight, out_bias), torch.stack(hs).abs().mean()
?!each_step?sparsity|    return F.linear(h, out_weight, out_bias), torch.stack(hs).abs().mean()


def loss_of(logits, target):
?!each_step?!number|    return F.cross_entropy(logits, target)
?number|    return F.mse_loss(logits[:, 0], target)
?each_step|    return F.cross_entropy(logits.flatten(0, 1), target.T.flatten(), ignore_index=-1)


# --- Training
optimiser = $optimiser
for step in range(STEPS + 1):
    if step % FILM_EVERY == 0 or step == STEPS:
        with torch.no_grad():
?!sparsity|            logits = answer(test_x)
?sparsity|            logits, _ = answer(test_x)
            loss = loss_of(logits, test_target)
?!each_step?!number|        right = (logits.argmax(1) == test_target).float()
?number|        right = ((logits[:, 0] - test_target).abs() < 0.04).float()
?each_step|        right = (logits.argmax(2) == test_target.T).float()
        if not loss.isfinite():
            print(f"The loss became {loss.item()} within {step} training steps.")
            break
?!each_step|        print(f"{step:5d}  {right.mean():.4f}  {loss:.6f}")
?each_step?!local|        print(f"{step:5d}  {right[-$matters:].mean():.4f}  {loss:.6f}")
?each_step?local|        print(f"{step:5d}  {right[-1].mean():.4f}  {right[:-1].mean():.4f}  {loss:.6f}")
    if step == STEPS:
        break
    x, target = draw_batch(np.random.default_rng([SEED, 1, step]), BATCH$train)
?noisy|    generator = torch.Generator().manual_seed(int(np.random.default_rng([SEED, 3, step]).integers(2**62)))
?!noisy?!sparsity|    loss = loss_of(answer(x), target)
?noisy?!sparsity|    loss = loss_of(answer(x, generator), target)
?!noisy?sparsity|    logits, activity = answer(x)
?noisy?sparsity|    logits, activity = answer(x, generator)
?sparsity|    loss = loss_of(logits, target) + SPARSITY * activity
    optimiser.zero_grad()
    loss.backward()
?clip|    torch.nn.utils.clip_grad_norm_(weights, CLIP)
    optimiser.step()
'''
