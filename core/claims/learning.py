"""Was or were, over training: which of the two roles is learned, and what the context then holds (rows D5 to D8)."""

import numpy as np

from ..experiment.remedies import AS_TORCH
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.probe import probe
from ..instruments.roles import split_roles
from ..networks import Recurrent
from ..tasks import France, Roles
from ..wording import number, signed
from .base import Claim, Verdict
from .language import GUESSES, LONG
from .measures import CELLS, KEEPERS, LEARNED, SEEDS, decay, right
from .settings import changed, recurrent, survived, trained

TRAIN = Experiment(Recurrent(), Roles(gap=21), Training(steps=400, learning_rate=5e-3, film_every=500))
SHEARED = {"cell": "tanh", "initialiser": "nonnormal", "shear": 2.0, "gain": 0.9, "radius": 0.0}
IDENTITY = KEEPERS["ReLU from the identity"]
FAR = 21  # words in between: too far for a plain RNN
FIRST = "training goes on until the first role is learned"  # before that, nothing is learned and nothing shown


def _two_roles(experiment: Experiment) -> None:
    recurrent(experiment)
    if not isinstance(experiment.task, Roles):
        raise SpecError("this claim needs a target at every step: choose task=roles")


def _contrast(experiment: Experiment, verdict: str) -> tuple[str, Experiment]:
    """The name and the settings of a network for which the verdict is another."""
    name, settings = ("plain RNN", CELLS["plain RNN"]) if verdict == "fails" else ("ReLU from the identity", IDENTITY)
    other = changed(experiment, **settings)
    if other == experiment:
        other = changed(other, gap=max(2 * other.task.gap, FAR) if verdict == "fails" else 2)  # type: ignore[attr-defined]
    return f"{name[0].upper()}{name[1:]} with {other.task.gap} words in between", other  # type: ignore[attr-defined]


def d5(experiment: Experiment) -> Verdict:
    """Accuracy of the answers that need only the word just read, and of the one that needs the noun."""
    _two_roles(experiment)
    run = survived(trained(experiment))
    now, later = run.film[-1].local, run.accuracy
    learned = now >= LEARNED
    contrast = changed(experiment, optimiser="sgd" if learned else "adam", learning_rate=TRAIN.training.learning_rate)
    if contrast == experiment:  # trained for too short, or for long enough
        contrast = changed(contrast, steps=10 if learned else max(2 * run.step, TRAIN.training.steps))
    other = trained(contrast)
    return Verdict(
        "holds" if learned else "fails",
        now,
        f"{right(now)} of the words that need no context are translated rightly.",
        f"That is after {run.step} training steps; the last verb, which needs context, is right in {later:.0%}. Learned means at "
        f"least {LEARNED:.0%}.",
        f"{'Plain SGD' if learned else 'Adam'} at learning rate {TRAIN.training.learning_rate:g} comes to "
        f"{right(other.film[-1].local)} in {other.step} steps"
        + (": a healthy gradient is necessary, not sufficient." if learned else "."),
        {"local": now, "last verb": later, "other optimiser": other.film[-1].local},
    )


def d6(experiment: Experiment) -> Verdict:
    """Accuracy of the last verb, and how much of the recurrent matrix's gradient comes from far back."""
    _two_roles(experiment)
    run = survived(trained(experiment))
    before, after = (
        split_roles(experiment, parameters).beyond("recurrent.weight_hh_l0", LONG)
        for parameters in (None, run.parameters)
    )
    later, now, chance = run.accuracy, run.film[-1].local, experiment.task.shape().chance
    shown = now >= LEARNED and later <= chance + GUESSES
    verdict = "fails" if later >= LEARNED else "holds" if shown else "only_when"
    name, contrast = _contrast(experiment, verdict)
    other = trained(contrast).accuracy
    return Verdict(
        verdict,
        later,
        f"The last verb is right in {right(later)} (guessing: {chance:.0%}).",
        f"The other words are right in {right(now)}. From {LONG} steps back or more comes {number(before)} of the recurrent "
        f"matrix's gradient before training and {number(after)} after it.",
        f"{name}: the last verb is right in {right(other)}.",
        {"last verb": later, "local": now, "share before": before, "share after": after, name: other},
        when="" if verdict != "only_when" else FIRST if now < LEARNED else "the distance is at this cell's limit",
    )


def d7(experiment: Experiment) -> Verdict:
    """Can the noun's number be read from h at the blank by a linear probe?"""
    _two_roles(experiment)
    run = survived(trained(experiment))
    now, found = run.film[-1].local, probe(experiment, run, examples=256)
    end, chance, along = float(found.accuracy[-1, -1]), found.chance, found.accuracy[:, -1]
    known = int(np.flatnonzero(along >= LEARNED).max(initial=-1))
    verdict = "fails" if end > chance + GUESSES else "holds" if now >= LEARNED else "only_when"
    name, contrast = _contrast(experiment, verdict)
    other = float(probe(contrast, trained(contrast), examples=256).accuracy[-1, -1])
    last = f"could last be read at word {known + 1} of {len(along)}" if known >= 0 else "could not be read at any word"
    return Verdict(
        verdict,
        end,
        f"At the blank, a linear probe reads singular or plural from h in {end:.0%} of the sentences (guessing: {chance:.0%}).",
        f"It {last}. The words that need no context are right in {right(now)}: the weights are fine for those.",
        f"{name}: the probe is right in {other:.0%}.",
        {"end": end, "last known": float(known), "chance": chance, "local": now, name: other},
        when=FIRST if verdict == "only_when" else "",
    )


def d8(experiment: Experiment) -> Verdict:
    """Slope of the gradient with one matrix for all steps, and with one for each step."""
    if not recurrent(experiment).entry.matrix:
        raise SpecError("this claim is about a recurrent matrix, and this cell has none")
    shared, own = (decay(changed(experiment, tied=tied)).slope for tied in (True, False))
    if shared >= 0:
        raise SpecError(
            f"the gradient of this network does not vanish ({signed(shared, 3)} nats per step), so nothing is to blame"
        )
    kept = decay(changed(experiment, **KEEPERS["tanh, orthogonal with gain 1.3"], tied=False)).slope
    sheared = {tied: decay(changed(experiment, **SHEARED, tied=tied)).slope for tied in (True, False)}
    torchs = {tied: decay(changed(experiment, **AS_TORCH, tied=tied)).slope for tied in (True, False)}
    vanishes = own <= 0.5 * shared  # at least half as fast: then sharing is not what does it
    return Verdict(
        "fails" if vanishes else "holds",
        own,
        f"Each step back multiplies the gradient by {np.exp(shared):.3f} with one matrix for all steps, by {np.exp(own):.3f} "
        "with one for each.",
        f"Mean of {SEEDS} random starts. "
        + (
            f"A product of many small factors vanishes whether or not they are the same; their size counts: orthogonal with gain "
            f"1.3, a matrix for each step, it is {np.exp(kept):.3f}."
            if vanishes
            else "With one for each it vanishes less than half as fast: here the sharing does it."
        ),
        "Sharing matters where powers of one matrix shrink and products of different ones do not: non-normal with shear 2, it "
        f"is {np.exp(sheared[True]):.3f} with one matrix and {np.exp(sheared[False]):.3f} with one for each."
        if vanishes
        else f"With PyTorch's weights it vanishes either way: {np.exp(torchs[True]):.3f} with one matrix, "
        f"{np.exp(torchs[False]):.3f} with one for each.",
        {
            "shared": shared,
            "own": own,
            "orthogonal": kept,
            "non-normal": sheared[True],
            "non-normal, own": sheared[False],
            "PyTorch's weights": torchs[True],
            "PyTorch's weights, own": torchs[False],
        },
    )


CLAIMS_LEARNING = (
    Claim(
        "d5",
        "Role one is learned",
        "The beginning of backpropagation is healthy, so predicting from the current word is learned.",
        TRAIN,
        d5,
    ),
    Claim(
        "d6",
        "Role two is not",
        "The end of backpropagation vanishes, so packaging information for later is not learned.",
        TRAIN,
        d6,
    ),
    Claim(
        "d7",
        "The context is garbage",
        "At the end of the sentence the weights are fine, but the context handed to them is garbage.",
        TRAIN,
        d7,
    ),
    Claim(
        "d8",
        "Because it is the same matrix",
        "Gradients vanish because the same matrix is applied again and again.",
        Experiment(Recurrent(hidden=64), France(gap=40)),
        d8,
        ("Bengio, Simard & Frasconi 1994",),
    ),
)
