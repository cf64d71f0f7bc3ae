"""Was or were? What exactly fails to be learned (rows D1 to D4: the weights' roles; D5 to D8 are in ``learning``)."""

from dataclasses import replace

import numpy as np

from ..experiment.sampling import held_out, initial
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..gradients.extras import Extras
from ..gradients.measure import MEASURED, differentiate, side_by_side
from ..instruments.roles import split_roles
from ..networks import Recurrent
from ..parts.losses import Loss
from ..tasks import Roles, WasWere
from ..wording import number
from .base import Claim, Verdict
from .measures import CELLS, KEEPERS, LEARNED, others, right
from .settings import changed, recurrent, survived, trained

GUESSES = 0.1  # above chance at most: three standard deviations of 256 guesses at one half
EQUAL = 1e-10  # relative difference of two float64 sums over a hundred steps that are the same mathematically
LONG = 10  # steps that count as long-range
FAR = 20  # words in between: too far for a plain RNN
REACHING = ("ReLU from the identity", "LSTM with forget bias 3")
HEARD = 0.01  # share of a gradient that is not drowned by the rest

LEARN = Experiment(Recurrent(), WasWere(gap=20), Training(steps=400, film_every=500))
SPLIT = Experiment(Recurrent(), Roles(gap=21))


def d1(experiment: Experiment) -> Verdict:
    """Accuracy at this distance, at a short one, with attractors, and of a cell that remembers."""
    recurrent(experiment)
    far, near = survived(trained(experiment)).accuracy, trained(changed(experiment, gap=4)).accuracy
    misled = trained(changed(experiment, gap=4, attractors=2)).accuracy
    chance, gap = experiment.task.shape().chance, getattr(experiment.task, "gap", 0)
    verdict = "holds" if far <= chance + GUESSES and near >= LEARNED else "fails" if far >= LEARNED else "only_when"
    name = "plain RNN" if verdict == "fails" else "LSTM with forget bias 3"
    here = not others(experiment, {name: CELLS[name]})
    words = (max(2 * gap, FAR) if verdict == "fails" else 4) if here else max(gap, FAR) if verdict == "fails" else gap
    other = trained(changed(experiment, gap=words, **CELLS[name])).accuracy
    limit = (
        "the distance is neither short nor long for this cell"
        if near >= LEARNED
        else "short distances are learned at all"
    )
    return Verdict(
        verdict,
        far,
        f"With {gap} words in between, {right(far)} of the verbs are right (guessing: {chance:.0%}).",
        f"With 4 words in between the same network learns {right(near)}, and {right(misled)} if two of the 4 are other nouns. "
        f"Learned means at least {LEARNED:.0%}.",
        f"With {words} words in between, the {name} is right in {right(other)}.",
        {"far": far, "near": near, "attractors": misled, name: other},
        when=limit if verdict == "only_when" else "",
    )


def d2(experiment: Experiment) -> Verdict:
    """How many recurrent matrices serve all steps, and how long the gradients of the three sets are."""
    network = recurrent(experiment)
    sets = ("weight_ih", "weight_hh", "readout.weight")
    untied = sum(values.size for values in initial(changed(experiment, tied=False)).values())
    copies = np.prod(initial(experiment)["recurrent.weight_hh_l0"].shape[:-2], dtype=int) if network.entry.matrix else 0
    own, steps = changed(experiment, tied=True), experiment.task.shape().steps
    shared = sum(values.size for values in initial(own).values())
    full = split_roles(own).full
    sizes = {each: float(np.exp(max(value for name, value in full.items() if each in name))) for each in sets}
    return Verdict(
        "holds" if copies == 1 else "fails",
        float(copies),
        f"One recurrent matrix serves all {steps} steps."
        if copies == 1
        else f"There are {copies} recurrent matrices, one for each step."
        if copies
        else "This cell has no recurrent matrix.",
        f"Shared by all steps, the network has {shared:,} weights; the gradients of its input, recurrent and output weights have "
        f"the lengths {number(sizes['weight_ih'])}, {number(sizes['weight_hh'])} and {number(sizes['readout.weight'])}.",
        f"Untied, with a recurrent matrix for every step, the same network has {untied:,} weights."
        if copies == 1
        else f"Tied, with one recurrent matrix for all steps, the same network has {shared:,} weights.",
        {**sizes, "shared": shared, "untied": untied, "copies": float(copies)},
    )


def d3(experiment: Experiment) -> Verdict:
    """How much of each set's gradient comes from uses before the step whose loss it is."""
    network = recurrent(experiment)
    if experiment.task.shape().steps <= LONG:
        raise SpecError(f"{LONG} steps count as long here: this claim needs a longer sequence")
    roles = split_roles(experiment)
    earlier = {kind: roles.beyond(name, 1) for kind, name in _sets(network).items()}
    long = {f"{kind}, {LONG} steps or more": roles.beyond(name, LONG) for kind, name in _sets(network).items()}
    both = earlier["input"] > 0 and earlier["recurrent"] > 0 and earlier["output"] == 0
    share = long[f"recurrent, {LONG} steps or more"]
    verdict = "fails" if not both else "holds" if share > HEARD else "only_when"
    name = (
        "plain RNN"
        if verdict == "holds"
        else next(iter(others(experiment, {each: KEEPERS[each] for each in REACHING})))
    )
    other = split_roles(changed(experiment, **(CELLS | KEEPERS)[name])).beyond("recurrent.weight_hh_l0", LONG)
    return Verdict(
        verdict,
        share,
        f"{number(share)} of the recurrent matrix's gradient comes from {LONG} steps back or more.",
        f"Carrying on, so uses before the loss's own step, makes {earlier['input']:.0%} of the input weights' gradient, "
        f"{earlier['recurrent']:.0%} of the recurrent ones' and none of the output's; most of it comes from a few steps back.",
        f"{name[0].upper() + name[1:]}: {number(other)} comes from {LONG} steps back or more.",
        {**earlier, **long, name: other},
        when="the gradient reaches far enough back for the second role" if verdict == "only_when" else "",
    )


def _sets(network: Recurrent) -> dict[str, str]:
    top = network.layers - 1
    return {
        "input": f"recurrent.weight_ih_l{top}",
        "recurrent": f"recurrent.weight_hh_l{top}",
        "output": "readout.weight",
    }


def d4(experiment: Experiment) -> Verdict:
    """Backpropagation from every word's loss alone, added up, against once from the summed loss."""
    network, truncate = recurrent(experiment), experiment.training.truncate
    if not experiment.task.shape().answers:
        raise SpecError("a gradient for each word needs a task whose answers are classes")
    windowed = _difference(experiment, network, truncate or 5)
    exact = _difference(experiment, network, 0)
    difference = windowed if truncate else exact
    same = difference < EQUAL
    return Verdict(
        "only_when" if same else "fails",
        difference,
        "One pass back gives what a pass for each word would, added up."
        if same
        else f"With windows of {truncate} steps, one pass back is {difference:.0%} off what a pass for each word would give.",
        f"A pass for each word's own loss, added up, is the gradient of the summed loss, to {number(difference)}: the gradient "
        "of a sum is the sum of the gradients. Training makes one pass for all words."
        if same
        else f"One pass ends at the windows' borders, a pass for each word {truncate} steps before that word.",
        f"In windows of 5 steps not even that is so: one pass ends at the windows' borders, not 5 steps before each word, and "
        f"the two differ by {windowed:.0%}."
        if same
        else f"Without windows the two are the same, to {number(exact)}.",
        {"exact": exact, "windows": windowed},
        when="it is read as an account of the sum" if same else "",
    )


def _difference(experiment: Experiment, network: Recurrent, truncate: int) -> float:
    """‖Σ of the words' gradients − gradient of the summed loss‖ / ‖the latter‖; each word's own goes ``truncate`` steps back."""
    batch = held_out(experiment, MEASURED)
    targets = batch.targets if batch.targets.ndim == 2 else np.repeat(batch.targets[:, None], batch.mask.shape[1], 1)
    weights = {name: values[0] for name, values in side_by_side([initial(experiment)]).items()}

    def gradient(some: np.ndarray, steps: int) -> np.ndarray:
        found = differentiate(
            network, weights, batch.inputs[:, :steps], Loss.of(some[:, :steps]), extras=Extras(truncate), rescale=0
        ).parameters
        return (some[:, :steps] >= 0).sum() * np.concatenate([found[name].reshape(-1) for name in sorted(found)])

    whole = gradient(targets, targets.shape[1])
    parts = np.zeros_like(whole)
    for t in range(targets.shape[1]):
        alone = np.full_like(targets, -1)
        alone[:, t] = targets[:, t]
        parts = parts + gradient(alone, t + 1)
    return float(np.linalg.norm(whole - parts) / np.linalg.norm(whole))


CLAIMS_D = (
    Claim(
        "d1",
        "Was or were?",
        "With vanishing gradients the network cannot tell was from were when the noun is far away.",
        LEARN,
        d1,
        ("Linzen, Dupoux & Goldberg 2016",),
        2.0,
    ),
    Claim(
        "d2",
        "Three sets of weights",
        "There are three sets of weights, shared over time: input, recurrent, output.",
        SPLIT,
        d2,
    ),
    Claim(
        "d3",
        "Two of them serve two roles",
        "Input and recurrent weights serve two roles: predict now, and carry information on.",
        SPLIT,
        d3,
        (),
        1.0,
    ),
    Claim(
        "d4",
        "Once for each word",
        "Backpropagation happens once, separately, for each word.",
        replace(SPLIT, task=Roles(gap=11)),
        d4,
        ("Cashman et al. 2017",),
        1.0,
    ),
)
