"""MLPs, CNNs and RNNs compared: rows C4, C5 and C7; C6 is in ``ablation``."""

from dataclasses import fields, replace
from typing import Any

import numpy as np

from ..experiment.remedies import AS_TORCH
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..instruments.saturation import saturation
from ..networks import Convolutional, FeedForward, Recurrent
from ..networks.layered import Layered
from ..tasks import Blobs, France, Noise
from ..wording import scientific
from .ablation import CLAIM_C6
from .base import Claim, Verdict
from .measures import CELLS, LAYERS, LOST, SEEDS, Decay, decay, farther, layered, sentences
from .settings import changed, recurrent

AS_BAD = 2 / 3  # the MLP's slope against the RNN's: from here on their half-lives differ by less than a half
BEFORE_RESNETS = 19  # layers of the deepest plain network in wide use (Simonyan & Zisserman 2014)
MOST_LAYERS = 200
FAR = 22  # words in between, over which a plain RNN loses nearly all


def c4(experiment: Experiment) -> Verdict:
    """The share of the gradient that reaches the first layer, of an MLP and a CNN with the same settings."""
    found = {name: decay(_as(kind, experiment)) for name, kind in (("MLP", FeedForward), ("CNN", Convolutional))}
    healthy = changed(experiment, **LAYERS["ReLU with He weights"])
    cured = {name: decay(_as(kind, healthy)) for name, kind in (("MLP", FeedForward), ("CNN", Convolutional))}
    lost = [name for name, each in found.items() if each.reach <= LOST]
    verdict = "holds" if len(lost) == len(found) else "only_when" if lost else "fails"
    worst = max(found.values(), key=lambda each: each.reach)
    rates = " and ".join(f"the {name}'s by {each.rate:.3f}" for name, each in found.items())
    contrast, shown = cured, "ReLU with He weights"
    if verdict == "fails":
        shown = "sigmoid with Xavier weights"
        faded = changed(experiment, **LAYERS[shown], normalisation="none", skip="none")
        contrast = {name: decay(_as(kind, faded)) for name, kind in (("MLP", FeedForward), ("CNN", Convolutional))}
    return Verdict(
        verdict,
        worst.rate,
        f"Each layer back multiplies the gradient: {rates}.",
        f"Mean of {SEEDS} random starts. Over {layered(experiment).depth} layers the first one gets "
        f"{' and '.join(scientific(each.reach) for each in found.values())} of the signal.",
        f"Activation and weights decide. With {shown.replace(' with ', ' and ')}: "
        + " and ".join(f"{each.rate:.3f} per layer back ({name})" for name, each in contrast.items())
        + f"; {' and '.join(scientific(each.reach) for each in contrast.values())} of the signal arrives.",
        {name: each.rate for name, each in found.items()}
        | {f"{name}, {shown}": each.rate for name, each in contrast.items()},
        when=f"it is an {lost[0]}" if verdict == "only_when" else "",
    )


def _as(kind: type[FeedForward] | type[Convolutional], experiment: Experiment) -> Experiment:
    """The experiment with its network as another kind of layers: equal settings, but each kind's own usual width."""
    network = layered(experiment)
    if type(network) is kind:
        return experiment
    settings = {field.name: getattr(network, field.name) for field in fields(Layered) if field.name != "width"}
    return replace(experiment, network=kind(**settings))


def c5(experiment: Experiment) -> Verdict:
    """Slopes of an RNN and of an MLP as deep as it has steps, from the same weights and from the usual ones."""
    network, steps = recurrent(experiment), experiment.task.shape().steps
    if network.cell not in ("tanh", "sigmoid", "relu") or not 2 <= steps <= MOST_LAYERS:
        raise SpecError(f"an MLP like this RNN needs cell tanh, sigmoid or relu, and 2 to {MOST_LAYERS} steps")
    usual_weights = "he" if network.cell == "relu" else "xavier"
    rnn = decay(experiment)
    same, usual = (
        decay(_mlp(experiment, initialiser, gain))
        for initialiser, gain in ((network.initialiser, network.gain), (usual_weights, 1.0))
    )
    units = saturation(experiment)
    flat, slope = float(np.nanmean(units.saturated)), float(np.nanmean(units.slope))
    as_bad = [rnn.slope < 0 and each.slope <= AS_BAD * rnn.slope for each in (same, usual)]
    verdict = "fails" if not as_bad[0] else "holds" if as_bad[1] else "only_when"
    tanh = decay(_mlp(changed(experiment, cell="tanh"), "xavier", 1.0)).rate
    torchs = changed(experiment, **AS_TORCH)
    small = [decay(each).rate for each in (torchs, _mlp(torchs, "default", 1.0))]
    contrast = {
        "only_when": f"From an MLP's usual weights ({usual_weights.capitalize()}) it is {usual.rate:.3f} per layer.",
        "holds": f"A deep tanh MLP from its usual weights (Xavier) is not as bad: {tanh:.3f} per layer.",
        "fails": f"From PyTorch's weights for an RNN it is {small[0]:.3f} per step and, in an MLP, {small[1]:.3f} per layer.",
    }[verdict]
    shares = {
        kind: float(np.nanmean(saturation(changed(experiment, cell=kind)).slope))
        for kind in ("tanh", "sigmoid", "relu")
    }
    return Verdict(
        verdict,
        same.slope / rnn.slope,
        f"Each step back multiplies the RNN's gradient by {rnn.rate:.3f}; each layer of an MLP from the same kind of weights by "
        f"{same.rate:.3f}.",
        f"Mean of {SEEDS} random starts, {network.cell}, {steps} steps or layers. Only {flat:.2%} of the RNN's units are "
        f"saturated, and their mean slope is {slope:.2f}: the weights do the rest (mean slopes with these weights: "
        f"{', '.join(f'{kind} {value:.2f}' for kind, value in shares.items())}).",
        contrast,
        {
            "ratio": same.slope / rnn.slope,
            "rnn": rnn.rate,
            "mlp": same.rate,
            "mlp, usual": usual.rate,
            "mlp, tanh and Xavier": tanh,
            "rnn, PyTorch's weights": small[0],
            "mlp, PyTorch's weights": small[1],
            "saturated": flat,
        }
        | {f"{k}, slope": v for k, v in shares.items()},
        when="it starts from the same small weights as the RNN" if verdict == "only_when" else "",
    )


def _mlp(experiment: Experiment, initialiser: str, gain: float) -> Experiment:
    """An MLP with a layer for each of the RNN's steps."""
    rnn = recurrent(experiment)
    settings: dict[str, Any] = {
        "sigma": rnn.sigma,
        "shear": rnn.shear,
        "activation": rnn.cell,
        "initialiser": initialiser,
    }
    network = FeedForward(depth=experiment.task.shape().steps, width=rnn.hidden, gain=gain, **settings)
    return Experiment(network, Blobs(inputs=rnn.embedding), seed=experiment.seed)


def c7(experiment: Experiment) -> Verdict:
    """How deep an MLP must be to lose what this RNN loses between its cue and the answer."""
    recurrent(experiment)
    gap, rnn = sentences(experiment).gap, decay(experiment)
    layers = {name: _break_even(rnn, decay(_stack(experiment, 30, each))) for name, each in LAYERS.items()}
    usual = [name for name, depth in layers.items() if depth <= BEFORE_RESNETS]
    verdict = "fails" if len(usual) == len(layers) else "only_when" if usual else "holds"
    shallow = min(layers, key=lambda name: layers[name])
    typical = max(layers, key=lambda name: layers[name]) if verdict == "fails" else shallow
    deep = int(min(MOST_LAYERS, 2 * np.ceil(layers[shallow]) + 1))
    turned, short = decay(_stack(experiment, deep, LAYERS[shallow])), decay(changed(experiment, gap=0))
    plain = changed(farther(experiment, FAR) if gap < FAR else experiment, **CELLS["plain RNN"])
    usual_rnn = decay(plain)
    least = _break_even(usual_rnn, decay(_stack(experiment, 30, LAYERS[shallow])))
    counts = ", ".join(f"{_layers(depth)} ({name})" for name, depth in layers.items())
    return Verdict(
        verdict,
        layers[shallow],
        f"An MLP of {_layers(layers[typical])} ({typical}) loses as much as this RNN does over its sentence.",
        f"With {gap} words in between {scientific(rnn.reach)} of the RNN's gradient reaches the word that decides (mean of "
        f"{SEEDS} random starts). An MLP loses as much over: {counts}; plain networks of up to {BEFORE_RESNETS} layers were in "
        "wide use.",
        f"A plain RNN with {sentences(plain).gap} words in between passes on {scientific(usual_rnn.reach)}, as little as an MLP "
        f"of {_layers(least)} ({shallow})."
        if verdict == "fails"
        else f"Built on purpose, {deep} layers ({shallow}) pass on {scientific(turned.reach)}, and an RNN without words in "
        f"between {scientific(short.reach)}.",
        {"ln arrives": rnn.reach, f"ln arrives, {deep} layers": turned.reach, "ln arrives, no words": short.reach}
        | layers
        | {"ln arrives, plain RNN": usual_rnn.reach},
        when=f"the MLP is one of {' or '.join(name for name in LAYERS if name not in usual)}"
        if verdict == "only_when"
        else "",
    )


def _layers(depth: float) -> str:
    return "no number of layers" if np.isinf(depth) else f"{depth:.0f} {'layer' if round(depth) == 1 else 'layers'}"


def _break_even(rnn: Decay, mlp: Decay) -> float:
    """Layers over which the MLP's gradient falls as far as the RNN's does on its way to the cue."""
    return 1 + mlp.steps_to(rnn.reach) if rnn.reach < 0 else 1.0


def _stack(experiment: Experiment, depth: int, settings: dict[str, Any]) -> Experiment:
    """An MLP as wide as the RNN."""
    return Experiment(
        FeedForward(depth=depth, width=recurrent(experiment).hidden, **settings), Blobs(), seed=experiment.seed
    )


CLAIMS_LAYERS = (
    Claim(
        "c4",
        "MLPs and CNNs as well",
        "MLPs and CNNs suffer as well.",
        Experiment(FeedForward(depth=30, activation="sigmoid", initialiser="xavier"), Blobs()),
        c4,
        ("Glorot & Bengio 2010",),
        0.3,
    ),
    Claim(
        "c5",
        "tanh MLP against RNN",
        "tanh has slopes near 0 at its ends, and a deep tanh MLP is as bad as an RNN.",
        Experiment(Recurrent(cell="tanh"), Noise(length=50)),
        c5,
        ("Glorot & Bengio 2010",),
        0.1,
    ),
    CLAIM_C6,
    Claim(
        "c7",
        "Only a contrived MLP",
        "Only a contrived MLP (very deep) against a contrived RNN (very short) turns it round.",
        Experiment(Recurrent(), France(gap=22)),
        c7,
        (),
        0.1,
    ),
)
