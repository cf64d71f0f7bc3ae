"""Where do France and French come in? Rows B3 to B5: errors at each step, the product of factors, the far word."""

from dataclasses import replace

import numpy as np

from core.claims.base import Claim, Verdict
from core.claims.measures import ARRIVES, CELLS, LAYERS, LEARNED, LOST, seeds, sentences
from core.claims.settings import changed, recurrent, trained
from core.fields import SpecError
from core.gradients.factors import Factors, ratio, step_factors
from core.gradients.itemised import map_gradients
from core.gradients.layer_factors import layer_factors
from core.gradients.measure import MEASURED, measure_many
from core.judgement.evaluation import hidden_states
from core.judgement.influence import influence
from core.networks import FeedForward, Recurrent
from core.sampling import held_out, initial
from core.specs import Experiment, Training
from core.tasks import France, Roles
from core.wording import number, scientific

SUM = 1e-9  # nats that a sum of a hundred logarithms may be off
TRIES = 2  # seeds per cell
SHORT = 3  # words: near enough for any cell


def b3(experiment: Experiment) -> Verdict:
    """At which steps there is a loss, which steps each loss reaches, and how far the first word is carried forwards."""
    recurrent(experiment)
    asked = float(held_out(experiment, MEASURED).mask.any(0).mean())
    logs = map_gradients(experiment).log_norm
    pairs = logs[np.tril_indices(len(logs))]
    reached = float(np.isfinite(pairs).mean())
    carried = _carried(experiment)
    arrives = float((carried > 0).mean())
    cut = changed(experiment, gain=0.0)
    cut_logs = map_gradients(cut).log_norm
    alone = float(np.isfinite(cut_logs[np.tril_indices(len(cut_logs))]).mean())
    both = reached == 1 and arrives == 1
    verdict = "fails" if not both else "holds" if asked == 1 else "only_when"
    return Verdict(
        verdict,
        min(asked, reached, arrives),
        "is the least share: of steps with an error, of steps that it reaches, of states that the first word reaches",
        f"{asked:.0%} of the {len(logs)} steps have a loss; each step's own loss, if asked for, reaches {reached:.0%} of "
        f"the earlier steps (the weakest with {scientific(pairs.min())}). Another first word is felt in {arrives:.0%} of "
        f"the states after it, in the last one with {number(float(carried[-1]))} of its size.",
        "A task that asks only at its end has one error; and without a recurrent matrix (gain 0) a loss reaches "
        f"{alone:.0%} of the pairs, its own step.",
        {
            "asked": asked,
            "reached": reached,
            "carried": arrives,
            "last state": float(carried[-1]),
            "without matrix": alone,
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
    verdict = "fails" if not exact or product > ARRIVES else "holds" if product <= LOST else "only_when"
    return Verdict(
        verdict,
        float(np.exp(product)),
        f"is the product of {len(here.log_parts)} factors",
        f"The product of {len(here.log_parts)} factors is {scientific(product)}, the same as the gradient to "
        f"{number(error)} nats; a typical factor is made of "
        f"{', '.join(f'{name} {value:.3f}' for name, value in parts.items())}.",
        f"Factors around 1 do not vanish: {_keeping_name(experiment)} the product is {scientific(kept)}.",
        {"product": float(np.exp(product)), "error": error, "ln product": product, "ln product, other": kept} | parts,
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
    return Verdict(
        verdict,
        own,
        f"is the share right with {gap} words in between (mean of {TRIES} seeds)",
        f"With {gap} words in between: {', '.join(f'{name} {accuracy:.0%}' for name, accuracy in far.items())}. Where it "
        f"is learned, another country changes {flips[cue]:.0%} of the answers, another word in any other place at most "
        f"{rest:.0%}.",
        f"With {min(SHORT, gap)} words in between this network is right in {near:.0%}; at {gap} words it takes "
        f"{' or '.join(learn) or 'none of these cells'}.",
        {"here": own, "near": near, "another country": float(flips[cue]), "another word": rest} | far,
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
