"""E1. The experiment's own gradient, and the central claim of each of four papers."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..experiment.specs import Experiment
from ..fields import SpecError
from ..instruments.starts import STARTS, Profiles, decay, decay_of, fan
from ..networks import Recurrent
from ..tasks import France
from ..wording import scientific
from .base import Contrasts, Instrument, Question, Verdict
from .reproductions import PAPERS, Reproduction
from .settings import CELLS, KEEPERS, not_in_force, recurrent, sentences
from .thresholds import ARRIVES, LONG, LOST

_CELLS = {"plain RNN": CELLS["plain RNN"], **KEEPERS}


def contrasts(experiment: Experiment, _result: Profiles) -> Contrasts:
    """Returns each paper's reproduction, and the decay of a plain RNN and of cells that keep the gradient."""
    recurrent(experiment)
    if sentences(experiment).gap <= LONG:
        raise SpecError(f"{LONG} steps count as long here: choose a gap above {LONG}")
    papers: dict[str, tuple[Instrument, Experiment]] = {paper: (test, experiment) for paper, test in PAPERS.items()}
    return papers | {name: (decay, experiment.changed(**settings)) for name, settings in _CELLS.items()}


def judge(experiment: Experiment, result: Profiles, found: Mapping[str, Any]) -> Verdict:
    """Decides by what arrives at the word that decides, and whether each paper's claim is seen again."""
    back, rates = decay_of(result), {name: found[name].rate for name in _CELLS}
    papers: dict[str, Reproduction] = {paper: found[paper] for paper in PAPERS}
    unseen = [paper for paper, reproduction in papers.items() if not reproduction.seen]
    others = not_in_force(experiment, {"plain RNN": CELLS["plain RNN"]} if back.reach > ARRIVES else KEEPERS)
    verdict = "fails" if back.reach > ARRIVES else "holds" if back.reach <= LOST and not unseen else "only_when"
    return Verdict(
        verdict,
        float(np.exp(back.reach)),
        f"{scientific(back.reach)} of the signal reaches the word that decides; {len(papers) - len(unseen)} of {len(papers)} "
        "papers' claims are seen again.",
        f"Each step back multiplies this network's gradient by {back.rate:.3f} (mean of {STARTS} random starts). "
        f"{'; '.join(f'{paper}: {reproduction.text}' for paper, reproduction in papers.items())}.",
        f"Weights and gates decide, per step back: {', '.join(f'{rates[name]:.3f} ({name})' for name in others)}.",
        {"reach": float(np.exp(back.reach)), "rate": back.rate, **rates}
        | {
            f"{paper}, {name}": float(value)
            for paper, reproduction in papers.items()
            for name, value in reproduction.numbers.items()
        },
        when=""
        if verdict != "only_when"
        else f"{' and '.join(unseen)} may be left out"
        if unseen
        else "the word that decides is farther away",
    )


QUESTION = Question(
    "e1_papers",
    "Four papers",
    "The vanishing gradient exists in RNNs, for the reasons that Hochreiter, Bengio and Pascanu gave.",
    Experiment(Recurrent(), France(gap=20)),
    fan,
    contrasts,
    judge,
    (
        "Hochreiter 1991",
        "Bengio, Simard & Frasconi 1994",
        "Hochreiter, Bengio, Frasconi & Schmidhuber 2001",
        "Pascanu, Mikolov & Bengio 2013",
    ),
    1.5,
)
