"""Which units pass the gradient on: sigmoid, an LSTM's cell, ReLU (rows E3 to E5; the rest is in ``races`` and ``dropout``)."""

from dataclasses import replace

import numpy as np

from ..experiment.sampling import held_out
from ..experiment.specs import Experiment, Training
from ..fields import SpecError
from ..instruments.evaluation import hidden_states
from ..instruments.grid import grid
from ..instruments.paths import carried_paths
from ..instruments.saturation import FLAT, saturation
from ..networks import Recurrent
from ..tasks import France, Latch
from ..wording import number, scientific
from .base import Claim, Verdict
from .measures import CELLS, FLOWS, KEEPERS, LEARNED, SEEDS, decay, others, right, seeds, sentences
from .races import CLAIMS_RACES, NEAR, learns_near
from .settings import changed, recurrent, survived, trained

BIASES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
BIT = Training(steps=150, film_every=500)  # enough to learn to keep one bit, where the gradient arrives
TRIES = 2
IDENTITY = KEEPERS["ReLU from the identity"]
RESTS = 1e-6  # below this |h| a unit is silent


def e3(experiment: Experiment) -> Verdict:
    """The slope at the ends of the activation's curve; and how many nonlinearities lie on the shortest path back."""
    recurrent(experiment)
    seen, lengths = saturation(experiment), grid(experiment).lengths
    steepest = np.abs(seen.curve).max(-1)
    ends = float((np.abs(seen.curve[:, [0, -1]]).max(-1) / steepest).max())
    mean, least = float(np.nanmean(seen.slope)), int(lengths.nonlinearities[0, 0, -1])
    steps, back = lengths.nonlinearities.shape[-1], decay(experiment)
    fades, grows = ends < FLAT, least >= steps - 1
    keepers = {
        name: changed(experiment, **KEEPERS[name]) for name in ("ReLU from the identity", "LSTM with forget bias 3")
    }
    rates = {name: decay(each).rate for name, each in keepers.items()}
    relu, lstm = saturation(keepers["ReLU from the identity"]), grid(keepers["LSTM with forget bias 3"]).lengths
    sigmoid = changed(experiment, **CELLS["plain RNN"] | {"cell": "sigmoid"})
    curve, longer = np.abs(saturation(sigmoid).curve), int(grid(sigmoid).lengths.nonlinearities[0, 0, -1])
    sigmoid_ends = float((curve[:, [0, -1]].max(-1) / curve.max(-1)).max())
    verdict = "fails" if not fades else "holds" if grows else "only_when"
    short = int(lstm.nonlinearities[0, 0, -1])
    return Verdict(
        verdict,
        mean,
        f"Over {steps} steps the shortest path back passes {least} slopes, {mean:.2f} in the mean.",
        f"At the ends of the activation's curve the slope is {number(ends)} of its steepest, {steepest.max():.2f}. Slopes and "
        f"weights together multiply the gradient by {back.rate:.3f} per step back (mean of {SEEDS} random starts).",
        f"With sigmoid units the slope fades to {number(sigmoid_ends)} of its steepest at the ends, and the shortest path passes "
        f"{longer} of them."
        if verdict != "holds"
        else f"ReLU's slope is 1 at its upper end (and {float(np.nanmean(relu.slope)):.2f} in the mean): from the identity "
        f"{rates['ReLU from the identity']:.3f} per step. In an LSTM the shortest path passes {short}, however "
        f"many steps there are: with forget bias 3 {rates['LSTM with forget bias 3']:.3f}.",
        {"mean slope": mean, "at the ends": ends, "steepest": float(steepest.max()), "shortest path": float(least)}
        | {"rate": back.rate, "shortest path, LSTM": float(short), **rates}
        | {"at the ends, sigmoid": sigmoid_ends, "shortest path, sigmoid": float(longer)},
        when="no path goes past the activations" if verdict == "only_when" else "",
    )


def e4(experiment: Experiment) -> Verdict:
    """‖∂L/∂c‖ that arrives on the cell path alone, against the gates' product, and whether a bit is kept as long."""
    if recurrent(experiment).cell != "lstm":
        raise SpecError("this claim is about the LSTM's cell: choose cell=lstm")
    cue = held_out(experiment, 1).cue or 0
    lag = experiment.task.shape().steps - 1 - cue
    here = _arrives(experiment, cue)
    by_bias = {bias: _arrives(changed(experiment, forget_bias=bias, chrono=0), cue) for bias in BIASES}
    enough = [bias for bias, each in by_bias.items() if each["cell path"] >= FLOWS]
    flows = here["cell path"] >= FLOWS
    best = enough[0] if enough else BIASES[-1]
    bits = {
        name: _bit(each, lag)
        for name, each in (("own", experiment), ("best", changed(experiment, forget_bias=best, chrono=0)))
    }
    verdict = "holds" if flows else "only_when" if enough else "fails"
    elsewhere = {
        bias: each for bias, each in by_bias.items() if others(experiment, {"": {"forget_bias": bias, "chrono": 0}})
    }
    return Verdict(
        verdict,
        float(np.exp(here["cell path"])),
        f"Over {lag} steps {scientific(here['cell path'])} of the signal arrives on the cell path.",
        f"The product of the forget gates says {scientific(here['gates'])}. Without the cell path "
        f"{scientific(here['hidden path'])} arrives, on all paths together {scientific(here['all paths'])}. After {BIT.steps} "
        f"training steps one bit is kept that long in {bits['own']:.0%} of the cases.",
        "The forget bias decides. On the cell path arrive: "
        + ", ".join(f"{scientific(each['cell path'])} with bias {bias:g}" for bias, each in elsewhere.items())
        + (f". With {best:g} the bit is kept in {bits['best']:.0%}." if not flows else "."),
        {"cell path": float(np.exp(here["cell path"])), **{f"ln {name}": value for name, value in here.items()}}
        | {f"ln cell path, bias {bias:g}": each["cell path"] for bias, each in by_bias.items()}
        | {f"bit, {name}": share for name, share in bits.items()},
        when=f"the forget bias is large enough, here {best:g}" if verdict == "only_when" else "",
    )


def _arrives(experiment: Experiment, cue: int) -> dict[str, float]:
    """ln of what is left of ∂L/∂c at the cue, on each kind of path; and of the forget gates' mean product."""
    found = carried_paths(experiment)
    logs = {"cell path": found.log_carried, "hidden path": found.log_hidden, "all paths": found.log_total}
    return {name: float(each[cue] - each[-1]) for name, each in logs.items()} | {"gates": float(found.log_mean[cue])}


def _bit(experiment: Experiment, lag: int) -> float:
    """Accuracy of the same network when it has learned to latch one bit over as many steps."""
    return survived(trained(replace(experiment, task=Latch(length=lag + 1), training=BIT))).accuracy


def e5(experiment: Experiment) -> Verdict:
    """ReLU with and without the penalty, from its own start and from the identity, and tanh, at one gap."""
    if recurrent(experiment).cell != "relu":
        raise SpecError("this claim is about ReLU networks: choose cell=relu")
    gap, penalty = sentences(experiment).gap, experiment.training.sparsity
    identity = changed(experiment, **IDENTITY)
    entries = {
        "as it is": experiment,
        "without penalty": changed(experiment, sparsity=0.0),
        "from the identity": identity,
        "identity, without penalty": changed(identity, sparsity=0.0),
        "from small weights": changed(experiment, initialiser="default", gain=1.0, radius=0.0),
        "tanh": changed(experiment, sparsity=0.0, **CELLS["plain RNN"]),
    }
    found = {name: _accuracy(each) for name, each in entries.items()}
    rates = {name: decay(entries[name]).rate for name in ("as it is", "from the identity", "tanh")}
    sizes, silent = _size(entries["from the identity"]), _size(entries["identity, without penalty"])
    works, too, from_identity = (found[name] >= LEARNED for name in ("as it is", "tanh", "from the identity"))
    small = decay(entries["from small weights"]).rate
    untrained = max(found.values()) < LEARNED and not learns_near(experiment)
    verdict = "holds" if works and not too else "only_when" if works or from_identity or untrained else "fails"
    return Verdict(
        verdict,
        found["as it is"],
        f"With {gap} words in between this ReLU network is right in {right(found['as it is'])}.",
        f"Mean of {TRIES} random starts, penalty {penalty:g}; without penalty {right(found['without penalty'])}, a tanh network "
        f"{right(found['tanh'])}. Before training each step back multiplies its gradient by {rates['as it is']:.3f}, the tanh "
        f"network's by {rates['tanh']:.3f}. From the identity, the penalty brings the mean |h| from {number(silent[0])} to "
        f"{number(sizes[0])} and the silent units from {silent[1]:.0%} to {sizes[1]:.0%}.",
        f"From small random weights it is right in {right(found['from small weights'])} (gradient times {small:.3f} per step "
        "back)."
        if identity == experiment or verdict == "holds"
        else f"From the identity it is right in {right(found['from the identity'])}, and without penalty in "
        f"{right(found['identity, without penalty'])} (gradient times {rates['from the identity']:.3f} per step back).",
        {**found, **{f"rate, {name}": rate for name, rate in rates.items()}, "rate, from small weights": small}
        | {"mean |h|, penalty": sizes[0], "mean |h|": silent[0], "silent, penalty": sizes[1], "silent": silent[1]},
        when=""
        if verdict != "only_when"
        else "the gap is longer: here a tanh network learns it too"
        if works
        else NEAR
        if untrained
        else "it starts from the identity",
    )


def _accuracy(experiment: Experiment) -> float:
    """Mean of ``TRIES`` seeds after training."""
    return float(np.mean([survived(trained(each)).accuracy for each in seeds(experiment, TRIES)]))


def _size(experiment: Experiment) -> tuple[float, float]:
    """Mean |h| after training, and the share of units that are silent."""
    h = np.abs(hidden_states(experiment, trained(experiment).parameters, held_out(experiment)))
    return float(h.mean()), float((h < RESTS).mean())


CLAIMS_E = (
    Claim(
        "e3",
        "Slopes that fade, layers that multiply",
        "Sigmoid slopes fade towards the poles, and backpropagation through time makes the number of layers grow dramatically.",
        Experiment(Recurrent(cell="sigmoid"), France(gap=20)),
        e3,
        (),
        1.0,
    ),
    Claim(
        "e4",
        "The constant error carousel",
        "LSTM's constant error carousel carries the error over 100 steps and more.",
        Experiment(Recurrent(cell="lstm"), France(gap=100)),
        e4,
        ("Hochreiter & Schmidhuber 1997", "Gers, Schmidhuber & Cummins 2000", "Jozefowicz, Zaremba & Sutskever 2015"),
        2.0,
    ),
    Claim(
        "e5",
        "ReLU and sparsity",
        "ReLU is more robust; a ReLU RNN with a sparsity penalty works well.",
        Experiment(Recurrent(cell="relu"), France(gap=20), Training(steps=400, sparsity=0.1, film_every=500)),
        e5,
        ("Le, Jaitly & Hinton 2015", "Bengio, Boulanger-Lewandowski & Pascanu 2013"),
        3.0,
    ),
    *CLAIMS_RACES,
)
