"""Who moves, who matters, and what the loss looks like from the weights: rows A4 to A6."""

import numpy as np

from core.claims.base import Claim, Verdict
from core.claims.matters import CLAIMS_MATTERS
from core.claims.measures import CELLS, LAYERS, decay, layered, sentences
from core.claims.settings import changed, recurrent, trained
from core.fields import SpecError
from core.judgement.movement import freeze, movement, undo
from core.judgement.slices import loss_slice, walk
from core.networks import FeedForward, Recurrent
from core.sampling import held_out
from core.specs import Experiment, Training
from core.tasks import Blobs, France
from core.wording import number

STILL = 0.01  # relative movement ‖ΔW‖/‖W₀‖ below which a layer counts as paralysed
NO_CHANGE = 0.01  # of the loss of guessing: what may change when a layer is noise
HEARD = 0.1  # nats below the loss of guessing: the cue has a say in the decision
SOME = 0.1  # share of the plane that is more than a lucky corner
SHORT = 5  # words, a gap that a plain RNN can learn
EXAMPLES = 64  # that each point of a slice is judged by


def a4(experiment: Experiment) -> Verdict:
    """How far each layer's weights move in training, against other activations and against Adam."""
    depth, back = layered(experiment).depth, decay(experiment)
    here, others = _moved(experiment), {name: _moved(changed(experiment, **each)) for name, each in LAYERS.items()}
    adam = _moved(changed(experiment, optimiser="adam", learning_rate=3e-3))
    still = {name: float((each < STILL).mean()) for name, each in {"here": here, **others, "Adam": adam}.items()}
    spared = [name for name in LAYERS if still[name] < 0.5]
    verdict = "fails" if still["here"] < 0.5 else "only_when" if spared else "holds"
    return Verdict(
        verdict,
        still["here"],
        "is the share of layers that move by less than 1 %",
        f"Of {depth} layers {still['here']:.0%} move by less than 1 % of their weights' length in training: the first one "
        f"by {number(here[0])}, the last one by {number(here[-1])}. At the start each layer back multiplies the gradient "
        f"by {back.rate:.3f}.",
        "The least that any layer moves: "
        + ", ".join(f"{number(others[name].min())} ({name})" for name in spared)
        + f"{', ' if spared else ''}{number(adam.min())} (here, with Adam).",
        {"first": float(here[0]), "last": float(here[-1]), "rate": back.rate}
        | {f"{name}, still": share for name, share in still.items()},
        when=f"slopes and weights shrink the signal, as here, and not with {' or '.join(spared)}"
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
    share, healthy_share = _share(experiment), _share(healthy)
    alone = freeze(experiment, [layered(experiment).depth - half])
    noise, needed = worse < NO_CHANGE * chance, healthy_worse >= NO_CHANGE * chance
    verdict = "fails" if not noise else "only_when" if needed else "holds"
    run = trained(experiment)
    return Verdict(
        verdict,
        worse,
        f"nats that the loss rises when layers 1 to {half} are drawn anew",
        f"After training {share:.0%} of the weights have moved; with layers 1 to {half} drawn anew the loss goes from "
        f"{run.film[-1].loss:.3f} to {run.film[-1].loss + worse:.3f}, and with these layers frozen from the start it "
        f"comes to {alone.loss[0]:.3f} (guessing: {chance:.3f}). It is right in {run.accuracy:.0%}.",
        f"A healthy network needs all of its layers: with tanh {healthy_share:.0%} of the weights move, and the same "
        f"redrawing costs {healthy_worse:.1f} nats.",
        {
            "worse": worse,
            "moved": share,
            "frozen": float(alone.loss[0]),
            "loss": run.film[-1].loss,
            "accuracy": run.accuracy,
        }
        | {"tanh worse": healthy_worse, "tanh moved": healthy_share},
        when="the gradient does not reach the first layers, as here but not with tanh"
        if verdict == "only_when"
        else "",
    )


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
    return Verdict(
        verdict,
        here["heard"],
        "is the share of the plane around the training's path with a loss below guessing",
        f"With {gap} words in between, the early word is heard on {here['heard']:.0%} of the plane that training walks "
        f"on; the loss spreads by {here['spread']:.3f} nats there, with cliffs of {here['cliff']:.2f} nats between "
        "neighbouring points.",
        f"With {short} words in between it is heard on {near['heard']:.0%} of the plane (spread {near['spread']:.2f} "
        f"nats), and by an LSTM with forget bias 3 with {gap} words on {other['heard']:.0%}.",
        here | {f"{short} words, {name}": value for name, value in near.items()} | {"LSTM, heard": other["heard"]},
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
