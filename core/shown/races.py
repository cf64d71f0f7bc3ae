"""Several networks trained on one task, side by side: what the pictures of B5, D1, E2 and E5 to E8 are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy import ndarray

from ..claims.measures import CELLS, KEEPERS, sentences
from ..claims.races import ATTENTION, LATER, OTHERS, TRICKS
from ..claims.settings import changed, recurrent, survived, trained
from ..experiment.remedies import PLAIN
from ..experiment.specs import Experiment
from ..fields import SpecError
from ..gradients.measure import measure_many
from ..gradients.profile import fit_line
from ..parts.dropouts import DROPOUTS

LAPS = 10  # looks at a training
GAPS = (2, 5, 10, 15, 20, 30)


@dataclass(frozen=True)
class Lap:
    """One network: steps and accuracy (F,) over training; reach: ln of the share of the signal at the cue before it."""

    steps: ndarray
    accuracy: ndarray
    reach: float


def race(entries: Mapping[str, Experiment]) -> dict[str, Lap]:
    """Trains each; who blew up on the way has lost with what was known by then."""
    found = {}
    for name, each in entries.items():
        run = trained(changed(each, film_every=max(1, each.training.steps // LAPS)))
        profile = measure_many([each])[0]
        steps = np.array([frame.step for frame in run.film])
        accuracy = np.array([frame.accuracy for frame in run.film])
        found[name] = Lap(steps, accuracy, float(profile.relative[profile.cue or 0]))
    return found


def cells(experiment: Experiment) -> dict[str, Lap]:
    """Plain RNN, GRU, LSTM with forget bias 1 and 3, ReLU from the identity, on the experiment's task."""
    recurrent(experiment)
    entries = CELLS | {"ReLU from the identity": KEEPERS["ReLU from the identity"]}
    return race({name: changed(experiment, **each) for name, each in entries.items()})


def tricks(experiment: Experiment) -> dict[str, Lap]:
    """Optimiser tricks, and two remedies that change the gradient itself."""
    recurrent(experiment)
    bare = changed(experiment, omega=0.0)
    return race({name: changed(bare, **each) for name, each in (TRICKS | OTHERS).items()})


def later(experiment: Experiment) -> dict[str, Lap]:
    """A plain RNN and the later remedies; chrono biases are for as many steps as the task has."""
    recurrent(experiment)
    entries = {"plain RNN": changed(experiment, **PLAIN)}
    entries |= {name: changed(experiment, **each) for name, each in LATER.items()}
    steps = experiment.task.shape().steps
    entries |= {name: changed(each, chrono=steps) for name, each in entries.items() if "chrono" in name}
    return race(entries | {"attention": replace(experiment, network=ATTENTION)})


def sparse(experiment: Experiment) -> dict[str, Lap]:
    """A ReLU network as it is, without the penalty, from the identity with and without it, and a tanh network."""
    if recurrent(experiment).cell != "relu":
        raise SpecError("this picture is about ReLU networks: choose cell=relu")
    identity = changed(experiment, **KEEPERS["ReLU from the identity"])
    return race(
        {
            "as set above": experiment,
            "the same, no penalty": changed(experiment, sparsity=0.0),
            "from the identity": identity,
            "from the identity, no penalty": changed(identity, sparsity=0.0),
            "tanh": changed(experiment, sparsity=0.0, **CELLS["plain RNN"]),
        }
    )


def dropouts(experiment: Experiment) -> dict[str, Lap]:
    """The same network without and with each kind of dropout."""
    recurrent(experiment)
    return race({entry.label: changed(experiment, dropout=name) for name, entry in DROPOUTS.items()})


def distances(experiment: Experiment) -> dict[str, ndarray]:
    """Accuracy after training at each of ``GAPS`` words in between: this network, with two other nouns among the words, and
    an LSTM with forget bias 3. Raises SpecError unless one word decides the answer."""
    sentences(experiment)
    entries = {
        "this network": experiment,
        "LSTM with forget bias 3": changed(experiment, **CELLS["LSTM with forget bias 3"]),
    }
    if hasattr(experiment.task, "attractors"):
        entries["this network, two other nouns in between"] = changed(experiment, attractors=2)
    return {
        name: np.array([trained(changed(each, gap=gap, film_every=500)).accuracy for gap in GAPS])
        for name, each in entries.items()
    }


@dataclass(frozen=True)
class Opening:
    """Over one training, F looks: steps, accuracy, radius ρ of the recurrent matrix, slope in nats per step back, reach: ln of
    the share of the signal at the cue."""

    steps: ndarray
    accuracy: ndarray
    radius: ndarray
    slope: ndarray
    reach: ndarray


def opening(experiment: Experiment) -> Opening:
    """Does a simple RNN open its own path? Raises SpecError if it is none, or blew up."""
    if not recurrent(experiment).tied or recurrent(experiment).entry.steepest is None:
        raise SpecError("this picture is about simple RNNs: choose cell=tanh and tied weights")
    film = survived(trained(experiment)).film
    profile = measure_many([experiment])[0]
    cue = profile.cue or 0
    logs = np.array([frame.log_norm for frame in film])
    lag = np.arange(logs.shape[1])[::-1]
    return Opening(
        np.array([frame.step for frame in film]),
        np.array([frame.accuracy for frame in film]),
        np.array([frame.radius for frame in film]),
        np.array([fit_line(lag, each).slope for each in logs]),
        logs[:, cue] - logs[:, -1],
    )
