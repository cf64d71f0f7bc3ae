"""Who moves, who matters, and what the loss looks like from the weights: rows A4 to A6."""

import numpy as np

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.movement import freeze, movement, undo
from ..instruments.slices import loss_slice, walk
from ..networks import FeedForward, Recurrent
from ..tasks import Blobs, France
from ..wording import number, signed
from .base import Claim, Verdict
from .matters import CLAIMS_MATTERS
from .measures import CELLS, LAYERS, SEEDS, decay, farther, layered, others, sentences
from .settings import changed, recurrent, trained

STILL = 0.01  # relative movement ‖ΔW‖/‖W₀‖ below which a layer counts as paralysed
NO_CHANGE = 0.01  # of the loss of guessing: what may change when a layer is noise
HEARD = 0.1  # nats below the loss of guessing: the cue has a say in the decision
SOME = 0.1  # share of the plane that is more than a lucky corner
FAR = 20  # words, a gap that it can't
SHORT = 5  # words, a gap that a plain RNN can learn
EXAMPLES = 64  # that each point of a slice is judged by


def a4(experiment: Experiment) -> Verdict:
    """How far each layer's weights move in training, against other activations and against Adam."""
    depth, back = layered(experiment).depth, decay(experiment)
    here, moved = _moved(experiment), {name: _moved(changed(experiment, **each)) for name, each in LAYERS.items()}
    adam = _moved(changed(experiment, optimiser="adam", learning_rate=3e-3))
    still = {name: float((each < STILL).mean()) for name, each in {"here": here, **moved, "Adam": adam}.items()}
    spared = [name for name in LAYERS if still[name] < 0.5]
    verdict = "fails" if still["here"] < 0.5 else "only_when" if spared else "holds"
    least = {name: moved[name].min() for name in spared} | {"here, with Adam": adam.min()}
    if experiment.training.optimiser == "adam":
        del least["here, with Adam"]
    healthy = [name.replace(" with ", " and ") for name in spared]
    stuck = max(others(experiment, LAYERS), key=lambda name: still[name])
    return Verdict(
        verdict,
        still["here"],
        f"{round(still['here'] * depth)} of {depth} layers hardly move: by less than 1% of their weights' length."
        if still["here"]
        else f"All layers move, by {here.min():.0%} of their weights' length or more.",
        f"In training the first layer moves by {number(here[0])} of its weights' length, the last one by {number(here[-1])}. "
        f"Before training, each layer back multiplies the gradient by {back.rate:.3f} (mean of {SEEDS} random starts).",
        f"It needs a gradient that shrinks from layer to layer: {round(still[stuck] * depth)} of {depth} layers hardly move in "
        f"a network with {stuck.replace(' with ', ' and ')}."
        if verdict == "fails"
        else "The least that any layer moves: "
        + ", ".join(f"{number(value)} ({name})" for name, value in least.items())
        + ".",
        {"first": float(here[0]), "last": float(here[-1]), "rate": back.rate}
        | {f"{name}, still": share for name, share in still.items()},
        when=f"activation and weights shrink the signal, as here and not with {' or '.join(healthy)}"
        if verdict == "only_when"
        else "",
    )


def _moved(experiment: Experiment) -> np.ndarray:
    """‖ΔW‖/‖W₀‖ of layers 1 … depth."""
    found = movement(trained(experiment))
    return np.asarray(found.by_layer[(found.layers >= 1) & (found.layers <= layered(experiment).depth)])


def a5(experiment: Experiment) -> Verdict:
    """Share of weights that moved, and the loss when the first half of the layers is drawn anew after training."""
    half, chance = layered(experiment).depth // 2, experiment.task.shape().chance_loss
    healthy = changed(experiment, **LAYERS["tanh with Xavier weights"])
    worse, healthy_worse = (_worse(each, half) for each in (experiment, healthy))
    sigmoid = changed(experiment, **LAYERS["sigmoid with Xavier weights"])
    share, healthy_share = _share(experiment), _share(healthy)
    alone = freeze(experiment, [layered(experiment).depth - half])
    noise, needed = worse < NO_CHANGE * chance, healthy_worse >= NO_CHANGE * chance
    verdict = "fails" if not noise else "only_when" if needed else "holds"
    run = trained(experiment)
    sigmoid_worse = _worse(sigmoid, half)
    return Verdict(
        verdict,
        worse,
        redrawn(half, run.film[-1].loss, run.film[-1].loss + worse),
        f"After training {share:.0%} of the weights have moved, and the network is right in {run.accuracy:.0%}. With layers 1–"
        f"{half} frozen from the start the loss comes to {alone.loss[0]:.3f} (guessing: {chance:.3f}).",
        f"A network with sigmoid and Xavier weights: the same redrawing changes its loss by {signed(sigmoid_worse, 3)}."
        if verdict == "fails"
        else f"A healthy network needs all of its layers: with tanh and Xavier weights {healthy_share:.0%} of the weights move, "
        f"and the same redrawing raises the loss by {healthy_worse:.1f}.",
        {
            "worse": worse,
            "moved": share,
            "frozen": float(alone.loss[0]),
            "loss": run.film[-1].loss,
            "accuracy": run.accuracy,
        }
        | {"tanh worse": healthy_worse, "tanh moved": healthy_share, "sigmoid worse": sigmoid_worse},
        when="the gradient does not reach the first layers, as here but not with tanh"
        if verdict == "only_when"
        else "",
    )


def redrawn(half: int, before: float, after: float) -> str:
    """What drawing layers 1 to ``half`` anew does to the loss, as a sentence."""
    if f"{before:.3f}" == f"{after:.3f}":
        return f"Redrawing layers 1–{half} changes nothing (loss {before:.3f} before and after)."
    return f"Redrawing layers 1–{half} takes the loss from {before:.3f} to {after:.3f}."


def _worse(experiment: Experiment, half: int) -> float:
    """Nats by which the loss rises when the first layers are drawn anew after training."""
    loss = undo(trained(experiment)).redrawn_loss
    return float(loss[half] - loss[0])


def _share(experiment: Experiment) -> float:
    """Share of all weights that moved by more than a tenth of their tensor's spread."""
    run = trained(experiment)
    found = movement(run)
    return float(np.average(found.share, weights=[run.parameters[name].size for name in found.names]))


def a6(experiment: Experiment) -> Verdict:
    """How much of a plane through the recurrent weights lies below the loss of guessing: there the early word is heard."""
    if recurrent(experiment).hidden < 2:
        raise SpecError("a plane needs more than one weight to turn: take two hidden units or more")
    gap, short = sentences(experiment).gap, min(SHORT, sentences(experiment).gap)
    here, near, other = (
        _heard(each)
        for each in (
            experiment,
            changed(experiment, gap=short),
            changed(experiment, **CELLS["LSTM with forget bias 3"]),
        )
    )
    verdict = "holds" if here["heard"] < NO_CHANGE else "fails" if here["heard"] >= SOME else "only_when"
    plain = changed(farther(experiment, FAR) if gap < FAR else experiment, **CELLS["plain RNN"])
    flat = _heard(plain) if verdict == "fails" else here
    return Verdict(
        verdict,
        here["heard"],
        f"On {here['heard']:.0%} of the plane that training walks on, the early word has a say in the answer."
        if here["heard"]
        else "Nowhere on the plane that training walks on has the early word a say in the answer.",
        f"There the loss is below guessing, with {gap} words in between. Over the plane it varies by {here['spread']:.3f} nats "
        f"(standard deviation), and by {here['cliff']:.2f} at most between neighbouring points.",
        f"In a plain RNN with {sentences(plain).gap} words in between it has a say on {flat['heard']:.0%} of the plane."
        if verdict == "fails"
        else f"With {short} words in between it has a say on {near['heard']:.0%} of the plane, and in an LSTM with forget "
        f"bias 3 with {gap} words on {other['heard']:.0%}.",
        here
        | {f"{short} words, {name}": value for name, value in near.items()}
        | {"LSTM, heard": other["heard"], "plain RNN, heard": flat["heard"]},
        when="the weights lie outside of a few valleys" if verdict == "only_when" else "",
    )


def _heard(experiment: Experiment) -> dict[str, float]:
    """Of the plane in which training moved most: share below guessing, spread of the loss, its steepest step."""
    targets = held_out(experiment, EXAMPLES).targets
    shares = np.bincount(targets) / len(targets)
    guess = -float(
        np.sum(shares[shares > 0] * np.log(shares[shares > 0]))
    )  # nobody is better who does not hear the cue
    plane = loss_slice(experiment, walk(experiment, 9), "path", 21, EXAMPLES).loss
    steps = np.concatenate([np.diff(plane, axis=axis).ravel() for axis in (0, 1)])
    return {
        "heard": float((plane < guess - HEARD).mean()),
        "spread": float(plane.std()),
        "cliff": float(np.abs(steps).max()),
    }


SMALL = Experiment(
    FeedForward(depth=8, width=32, activation="sigmoid", initialiser="xavier"),
    Blobs(classes=4, inputs=16, points=512),
    Training(optimiser="momentum", learning_rate=0.1, steps=800, film_every=500),
)

CLAIMS_A = (
    *CLAIMS_MATTERS,
    Claim(
        "a4",
        "Only the last layers learn",
        "It vanishes exponentially with depth, so even moderately deep networks are paralysed: only the last layers learn.",
        SMALL,
        a4,
        ("Glorot & Bengio 2010",),
        2.0,
    ),
    Claim(
        "a5",
        "The rest is noise",
        "Such a network uses a small share of its weights; the rest is the noise of its initialisation.",
        SMALL,
        a5,
        ("Zhang, Bengio & Singer 2019",),
        1.5,
    ),
    Claim(
        "a6",
        "Or is it the loss surface?",
        "The loss surface of a plain RNN is such that early steps tend not to influence the decision.",
        Experiment(Recurrent(), France(gap=20), Training(steps=400, film_every=500)),
        a6,
        ("Pascanu, Mikolov & Bengio 2013",),
        2.0,
    ),
)
