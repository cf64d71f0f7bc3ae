"""Where do France and French come in? Rows B3 to B5: errors at each step, the product of factors, the far word."""

from dataclasses import replace

import numpy as np

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..gradients.measure import MEASURED, measure_many
from ..instruments.evaluation import hidden_states
from ..instruments.factors import Factors, ratio, step_factors
from ..instruments.influence import influence
from ..instruments.itemised import map_gradients
from ..instruments.layer_factors import layer_factors
from ..networks import FeedForward, Recurrent
from ..tasks import France, Roles, WasWere
from ..wording import number, scientific
from .base import Claim, Verdict
from .measures import (
    ARRIVES,
    CELLS,
    LAYERS,
    LEARNED,
    LOST,
    called,
    farther,
    layered,
    others,
    right,
    seeds,
    sentences,
)
from .settings import changed, recurrent, trained

SUM = 1e-9  # nats that a sum of a hundred logarithms may be off
TRIES = 2  # seeds per cell
FAR = 20  # words: too far for a plain RNN
SHORT = 3  # words: near enough for any cell


def b3(experiment: Experiment) -> Verdict:
    """At which steps there is a loss, which steps each loss reaches, and how far the first word is carried forwards."""
    recurrent(experiment)
    asked = float(held_out(experiment, MEASURED).mask.any(0).mean())
    found = map_gradients(experiment)
    logs, unit = found.log_norm, "word" if found.words else "step"
    pairs = logs[np.tril_indices(len(logs))]
    reached = float(np.isfinite(pairs).mean())
    carried = _carried(experiment)
    arrives = float((carried > 0).mean())
    cut = changed(experiment, gain=0.0)
    cut_logs = map_gradients(cut).log_norm
    alone = float(np.isfinite(cut_logs[np.tril_indices(len(cut_logs))]).mean())
    both = reached == 1 and arrives == 1
    asked_often = held_out(replace(experiment, task=Roles(gap=21)), 1).inputs.shape[1]
    plain = map_gradients(changed(experiment, **CELLS["plain RNN"])).log_norm
    plainly = float(np.isfinite(plain[np.tril_indices(len(plain))]).mean())
    verdict = "fails" if not both else "holds" if asked == 1 else "only_when"
    contrast = {
        "holds": f"Without recurrent weights (gain 0) an error reaches {alone:.0%} of the {unit}s up to its own: that one alone. "
        "And a task that asks at its end only has one error.",
        "only_when": f"The two-role sentences ask at every one of their {asked_often} words.",
        "fails": f"With PyTorch's weights an error reaches {plainly:.0%} of the {unit}s up to its own.",
    }[verdict]
    return Verdict(
        verdict,
        min(asked, reached, arrives),
        f"An error reaches {reached:.0%} of the {unit}s up to its own."
        if reached < 1
        else f"Every {unit}'s error reaches every earlier {unit}."
        if asked == 1
        else f"{asked:.0%} of the {unit}s have an error; every error reaches every earlier {unit}.",
        f"{asked:.0%} of the {len(logs)} {unit}s have a loss of their own. The weakest link back is {scientific(pairs.min())}. "
        f"Forwards, another first word changes {arrives:.0%} of the states after it, the last one by "
        f"{number(float(carried[-1]))} of its length.",
        contrast,
        {
            "asked": asked,
            "reached": reached,
            "carried": arrives,
            "last state": float(carried[-1]),
            "without matrix": alone,
            "with PyTorch's weights": plainly,
        },
        when="the task asks for something at every step" if verdict == "only_when" else "",
    )


def _carried(experiment: Experiment) -> np.ndarray:
    """‖change of h_t‖/‖h_t‖ for t ≥ the cue when the word there is replaced by those of other examples: (steps,)."""
    batch, weights = held_out(experiment, MEASURED), initial(experiment)
    first = batch.cue or 0
    inputs = batch.inputs.copy()
    inputs[:, first] = np.roll(inputs[:, first], 1, axis=0)
    before, after = (hidden_states(experiment, weights, each) for each in (batch, replace(batch, inputs=inputs)))
    with np.errstate(invalid="ignore"):
        change: np.ndarray = _size(after - before)[first:] / _size(before)[first:]
    return change


def _size(states: np.ndarray) -> np.ndarray:
    """‖h_t‖ over layers, examples and units: (T,)."""
    return np.asarray(np.linalg.norm(states.reshape(len(states), -1), axis=1))


def b4(experiment: Experiment) -> Verdict:
    """The product of all factors against the profile measured in one piece; and the factors' parts."""
    here, other = _factors(experiment), _factors(_keeping(experiment))
    profile = measure_many([experiment])[0]
    if not len(here.log_parts):
        raise SpecError(f"with a single {here.axis} nothing is multiplied: take more of them")
    pairs = (here.running, here.log_norm - here.log_norm[-1]), (here.of_h, profile.log_norm)
    with np.errstate(invalid="ignore"):
        error = float(max(np.abs(ratio(*pair)).max() for pair in pairs))  # exact zeros are equal
    product, kept = float(here.running[0]), float(other.running[0])
    parts = {name: float(np.exp(each)) for name, each in zip(here.names, here.log_parts.mean(0), strict=True)}
    exact = error <= SUM
    fading = _factors(_fading(experiment))
    verdict = "fails" if not exact or product > ARRIVES else "holds" if product <= LOST else "only_when"
    return Verdict(
        verdict,
        float(np.exp(product)),
        f"The product of {len(here.log_parts)} factors is {scientific(product)}.",
        f"It is the gradient, to {number(error)} nats. A typical factor is made of "
        f"{', '.join(f'{name} {value:.3f}' for name, value in parts.items())}.",
        f"{_fading_name(experiment)} the product is {scientific(float(fading.running[0]))}."
        if verdict == "fails"
        else f"Factors around 1 do not vanish: {_keeping_name(experiment)} the product is {scientific(kept)}.",
        {
            "product": float(np.exp(product)),
            "error": error,
            "ln product": product,
            "ln product, other": kept,
            "ln product, fading": float(fading.running[0]),
        }
        | parts,
        when="there are more factors than here" if verdict == "only_when" else "",
    )


def _factors(experiment: Experiment) -> Factors:
    return step_factors(experiment) if isinstance(experiment.network, Recurrent) else layer_factors(experiment)


def _keeping(experiment: Experiment) -> Experiment:
    """The experiment with a network that keeps its gradient."""
    if isinstance(experiment.network, FeedForward):
        return changed(experiment, **LAYERS["ReLU with He weights"])
    recurrent(experiment)
    return changed(experiment, **CELLS["LSTM with forget bias 3"])


def _fading(experiment: Experiment) -> Experiment:
    """The experiment with a network that loses its gradient."""
    if isinstance(experiment.network, FeedForward):
        settings = LAYERS["sigmoid with Xavier weights"]
        return changed(
            experiment, **settings, normalisation="none", skip="none", depth=max(30, experiment.network.depth)
        )
    plain = {"": CELLS["plain RNN"]}
    if others(experiment, plain) or not isinstance(experiment.task, France | WasWere):
        return changed(experiment, **plain[""])
    return farther(experiment, FAR)


def _fading_name(experiment: Experiment) -> str:
    if isinstance(experiment.network, FeedForward):
        return f"With sigmoid and Xavier weights, {layered(_fading(experiment)).depth} layers deep,"
    there = _fading(experiment)
    return f"In a plain RNN over {there.task.shape().steps} steps"


def _keeping_name(experiment: Experiment) -> str:
    return (
        "with ReLU and He weights" if isinstance(experiment.network, FeedForward) else "in an LSTM with forget bias 3"
    )


def b5(experiment: Experiment) -> Verdict:
    """Which cells learn to answer at this gap, at a short one, and which word the answer then hangs on."""
    recurrent(experiment)
    gap = sentences(experiment).gap
    far = {name: _accuracy(changed(experiment, **each)) for name, each in CELLS.items()}
    own, near = _accuracy(experiment), _accuracy(changed(experiment, gap=min(SHORT, gap)))
    learn = [name for name, accuracy in far.items() if accuracy >= LEARNED]
    best = changed(experiment, **CELLS[max(far, key=lambda name: far[name])])
    flips = influence(best, trained(best)).flips
    cue = held_out(experiment, 1).cue or 0
    rest = float(np.nanmax(np.delete(flips, cue), initial=0.0))
    everyone = len(learn) == len(far) and own >= LEARNED
    verdict = "holds" if everyone else "only_when" if learn else "fails"
    plain = changed(experiment, **CELLS["plain RNN"])
    other = farther(plain, FAR) if verdict == "holds" else changed(plain, gap=min(SHORT, gap // 2))
    words, turned = sentences(other).gap, _accuracy(other)
    return Verdict(
        verdict,
        own,
        f"The {called(experiment)} is right in {right(own)} with {gap} words in between.",
        f"Mean of {TRIES} random starts: {', '.join(f'{name} {right(accuracy)}' for name, accuracy in far.items())}; learned "
        f"means at least {LEARNED:.0%}. In the best one another country changes {flips[cue]:.0%} of the answers, another word "
        f"in any other place at most {rest:.0%}.",
        f"With {words} words in between the {called(other)} is right in {right(turned)}.",
        {"here": own, "near": near, "another country": float(flips[cue]), "another word": rest, "turned": turned} | far,
        when=f"the cell keeps the gradient that far, as {' and '.join(learn)} here" if verdict == "only_when" else "",
    )


def _accuracy(experiment: Experiment) -> float:
    return float(np.mean([trained(each).accuracy for each in seeds(experiment, TRIES)]))


CLAIMS_TIME = (
    Claim(
        "b3",
        "An error at each time point",
        "Information travels through time; there is an error at each time point.",
        Experiment(Recurrent(), Roles(gap=21)),
        b3,
        (),
        0.1,
    ),
    Claim(
        "b4",
        "A product of derivatives",
        "Backpropagation multiplies derivatives again and again, until the product vanishes.",
        Experiment(Recurrent(), France(gap=22)),
        b4,
        ("Hochreiter 1991",),
        0.1,
    ),
    Claim(
        "b5",
        "Look back to France",
        "“I went to France … now I speak __”: the network must, and can, look far back to say French.",
        Experiment(Recurrent(), France(gap=20), Training(steps=250, film_every=500)),
        b5,
        ("Hochreiter & Schmidhuber 1997", "Jozefowicz, Zaremba & Sutskever 2015"),
        5.0,
    ),
)
