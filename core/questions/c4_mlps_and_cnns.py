"""C4. The share of the gradient that reaches the first layer, of an MLP and a CNN with the same settings."""

from collections.abc import Mapping
from dataclasses import fields, replace

from ..experiment.specs import Experiment
from ..instruments.starts import STARTS, Profiles, decay_of, fan
from ..networks import Convolutional, FeedForward
from ..networks.layered import Layered
from ..tasks import Blobs
from ..wording import scientific
from .base import Contrasts, Question, Verdict
from .settings import LAYERS, layered
from .thresholds import LOST

KINDS: dict[str, type[FeedForward] | type[Convolutional]] = {"MLP": FeedForward, "CNN": Convolutional}
HEALTHY, FADED = "ReLU with He weights", "sigmoid with Xavier weights"


def measure(experiment: Experiment) -> dict[str, Profiles]:
    """Measures both with the same settings, five starts each. Raises SpecError unless the network is one of layers."""
    return {name: fan(_as(kind, experiment)) for name, kind in KINDS.items()}


def _as(kind: type[FeedForward] | type[Convolutional], experiment: Experiment) -> Experiment:
    """Returns the experiment with its network as another kind of layers: equal settings, but each kind's own usual width."""
    network = layered(experiment)
    if type(network) is kind:
        return experiment
    settings = {field.name: getattr(network, field.name) for field in fields(Layered) if field.name != "width"}
    return replace(experiment, network=kind(**settings))


def _lost(result: Mapping[str, Profiles]) -> list[str]:
    return [name for name, profiles in result.items() if decay_of(profiles).reach <= LOST]


def contrasts(experiment: Experiment, result: Mapping[str, Profiles]) -> Contrasts:
    """Returns activation and weights that keep the gradient; if it is kept already, such that lose it."""
    if _lost(result):
        return {HEALTHY: (measure, experiment.changed(**LAYERS[HEALTHY]))}
    return {FADED: (measure, experiment.changed(**LAYERS[FADED], normalisation="none", skip="none"))}


def judge(
    experiment: Experiment, result: Mapping[str, Profiles], found: Mapping[str, Mapping[str, Profiles]]
) -> Verdict:
    """Decides by which of the two loses its gradient."""
    here = {name: decay_of(profiles) for name, profiles in result.items()}
    ((shown, other),) = found.items()
    contrast = {name: decay_of(profiles) for name, profiles in other.items()}
    lost = _lost(result)
    verdict = "holds" if len(lost) == len(here) else "only_when" if lost else "fails"
    worst = max(here.values(), key=lambda each: each.reach)
    rates = " and ".join(f"the {name}'s by {each.rate:.3f}" for name, each in here.items())
    return Verdict(
        verdict,
        worst.rate,
        f"Each layer back multiplies the gradient: {rates}.",
        f"Mean of {STARTS} random starts. Over {layered(experiment).depth} layers the first one gets "
        f"{' and '.join(scientific(each.reach) for each in here.values())} of the signal.",
        f"Activation and weights decide. With {shown.replace(' with ', ' and ')}: "
        + " and ".join(f"{each.rate:.3f} per layer back ({name})" for name, each in contrast.items())
        + f"; {' and '.join(scientific(each.reach) for each in contrast.values())} of the signal arrives.",
        {name: each.rate for name, each in here.items()}
        | {f"{name}, {shown}": each.rate for name, each in contrast.items()},
        when=f"it is an {lost[0]}" if verdict == "only_when" else "",
    )


QUESTION = Question(
    "c4_mlps_and_cnns",
    "MLPs and CNNs as well",
    "MLPs and CNNs suffer as well.",
    Experiment(FeedForward(depth=30, activation="sigmoid", initialiser="xavier"), Blobs()),
    measure,
    contrasts,
    judge,
    ("Glorot & Bengio 2010",),
    0.5,
)
