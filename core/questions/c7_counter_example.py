"""C7. How deep an MLP must be to lose what this RNN loses between its cue and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..experiment.specs import Experiment
from ..instruments.starts import STARTS, Decay, Fan, Profiles, decay, decay_of
from ..networks import FeedForward, Recurrent
from ..tasks import Blobs, France
from ..wording import scientific
from .base import Contrasts, Question, Verdict
from .settings import CELLS, LAYERS, farther, recurrent, sentences

BEFORE_RESNETS = 19  # layers of the deepest plain network in wide use (Simonyan & Zisserman 2014)
MOST_LAYERS = 200
DEEP = 30  # layers that an MLP's factor per layer is read off
FAR = 22  # words in between, over which a plain RNN loses nearly all


@dataclass(frozen=True)
class Counterparts:
    """Five starts each: of the RNN, and by name of MLPs with a layer for each of its steps.

    steps: of the RNN. deep: by name, how the gradient of an MLP of 30 layers decays.
    """

    rnn: Profiles
    mlps: Mapping[str, Profiles]
    steps: int
    deep: Mapping[str, Decay]

    def layers(self, name: str) -> float:
        """Returns the layers over which that MLP's gradient falls as far as the RNN's does on its way to the cue."""
        return break_even(decay_of(self.rnn), self.deep[name])


def measure(experiment: Experiment) -> Counterparts:
    """Measures the RNN and the MLPs. Raises SpecError unless the network is recurrent."""
    recurrent(experiment)
    steps, fan = min(MOST_LAYERS, experiment.task.shape().steps), Fan(STARTS, theory=False)
    mlps = {name: fan(_mlp(experiment, steps, settings)) for name, settings in LAYERS.items()}
    deep = {name: decay(_mlp(experiment, DEEP, settings)) for name, settings in LAYERS.items()}
    return Counterparts(fan(experiment), mlps, steps, deep)


def _mlp(experiment: Experiment, depth: int, settings: Mapping[str, Any]) -> Experiment:
    """Returns an MLP as wide as the RNN."""
    network = FeedForward(depth=depth, width=recurrent(experiment).hidden)
    return Experiment(network, Blobs(), seed=experiment.seed).changed(**settings)


def break_even(rnn: Decay, mlp: Decay) -> float:
    """Returns the layers over which the MLP's gradient falls as far as the RNN's does on its way to the cue."""
    return 1 + mlp.steps_to(rnn.reach) if rnn.reach < 0 else 1.0


def _shallow(result: Counterparts) -> str:
    return min(LAYERS, key=result.layers)


def _built(result: Counterparts) -> int:
    return int(min(MOST_LAYERS, 2 * np.ceil(result.layers(_shallow(result))) + 1))


def contrasts(experiment: Experiment, result: Counterparts) -> Contrasts:
    """Returns an MLP built to lose more, an RNN without words in between, and a plain RNN over a long sentence."""
    plain = _plain(experiment)  # first of all: it needs a sentence
    built = _mlp(experiment, _built(result), LAYERS[_shallow(result)])
    return {
        "built": (decay, built),
        "short": (decay, experiment.changed(gap=0)),
        "plain RNN": (decay, plain),
    }


def _plain(experiment: Experiment) -> Experiment:
    far = farther(experiment, FAR) if sentences(experiment).gap < FAR else experiment
    return far.changed(**CELLS["plain RNN"])


def judge(experiment: Experiment, result: Counterparts, found: Mapping[str, Decay]) -> Verdict:
    """Decides by the number of layers that an MLP needs to lose as much."""
    gap, rnn = sentences(experiment).gap, decay_of(result.rnn)
    layers = {name: result.layers(name) for name in LAYERS}
    usual = [name for name, depth in layers.items() if depth <= BEFORE_RESNETS]
    verdict = "fails" if len(usual) == len(layers) else "only_when" if usual else "holds"
    shallow, deep = _shallow(result), _built(result)
    typical = max(layers, key=lambda name: layers[name]) if verdict == "fails" else shallow
    built, short, plain = found["built"], found["short"], found["plain RNN"]
    least = break_even(plain, result.deep[shallow])
    return Verdict(
        verdict,
        layers[shallow],
        f"An MLP of {counted(layers[typical])} ({typical}) loses as much as this RNN does over its sentence.",
        f"With {gap} words in between {scientific(rnn.reach)} of the RNN's gradient reaches the word that decides (mean of "
        f"{STARTS} random starts). An MLP loses as much over: "
        f"{', '.join(f'{counted(depth)} ({name})' for name, depth in layers.items())}; plain networks of up to "
        f"{BEFORE_RESNETS} layers were in wide use.",
        f"A plain RNN with {sentences(_plain(experiment)).gap} words in between passes on {scientific(plain.reach)}, as little "
        f"as an MLP of {counted(least)} ({shallow})."
        if verdict == "fails"
        else f"Built on purpose, {deep} layers ({shallow}) pass on {scientific(built.reach)}, and an RNN without words in "
        f"between {scientific(short.reach)}.",
        {"ln arrives": rnn.reach, f"ln arrives, {deep} layers": built.reach, "ln arrives, no words": short.reach}
        | layers
        | {"ln arrives, plain RNN": plain.reach},
        when=f"the MLP is one of {' or '.join(name for name in LAYERS if name not in usual)}"
        if verdict == "only_when"
        else "",
    )


def counted(depth: float) -> str:
    """Says a number of layers."""
    return "no number of layers" if np.isinf(depth) else f"{depth:.0f} {'layer' if round(depth) == 1 else 'layers'}"


QUESTION = Question(
    "c7_counter_example",
    "Only a contrived MLP",
    "Only a contrived MLP (very deep) against a contrived RNN (very short) turns it round.",
    Experiment(Recurrent(), France(gap=22)),
    measure,
    contrasts,
    judge,
    (),
    0.5,
)
