"""D3. How much of each set's gradient comes from uses before the step whose loss it is."""

from collections.abc import Mapping
from typing import Any

from ..experiment.specs import Experiment
from ..fields import SpecError
from ..instruments.roles import RoleGradients, split_roles
from ..instruments.two_roles import LONG
from ..networks import Recurrent
from ..tasks import Roles
from ..wording import number
from .base import Contrasts, Question, Verdict
from .settings import CELLS, KEEPERS, not_in_force, recurrent

REACHING = ("ReLU from the identity", "LSTM with forget bias 3")
HEARD = 0.01  # share of a gradient that is not drowned by the rest


def measure(experiment: Experiment) -> RoleGradients:
    """Splits each weight's gradient by lag. Raises SpecError for cells that are not written out."""
    recurrent(experiment)
    return split_roles(experiment)


def names(experiment: Experiment) -> dict[str, str]:
    """Returns set → parameter, in the top layer."""
    top = recurrent(experiment).layers - 1
    return {
        "input": f"recurrent.weight_ih_l{top}",
        "recurrent": f"recurrent.weight_hh_l{top}",
        "output": "readout.weight",
    }


def _verdict(experiment: Experiment, result: RoleGradients) -> str:
    earlier = {kind: result.beyond(name, 1) for kind, name in names(experiment).items()}
    both = earlier["input"] > 0 and earlier["recurrent"] > 0 and earlier["output"] == 0
    reaches = result.beyond(names(experiment)["recurrent"], LONG) > HEARD
    return "fails" if not both else "holds" if reaches else "only_when"


def contrasts(experiment: Experiment, result: RoleGradients) -> Contrasts:
    """Returns a network for which the verdict is another."""
    if experiment.task.shape().steps <= LONG:
        raise SpecError(f"{LONG} steps count as long here: this claim needs a longer sequence")
    name = "plain RNN"
    if _verdict(experiment, result) != "holds":
        name = next(iter(not_in_force(experiment, {each: KEEPERS[each] for each in REACHING})))
    return {name: (split_roles, experiment.changed(**(CELLS | KEEPERS)[name]))}


def judge(experiment: Experiment, result: RoleGradients, found: Mapping[str, Any]) -> Verdict:
    """Decides by how much comes from earlier uses, and from far back."""
    verdict, called = _verdict(experiment, result), names(experiment)
    earlier = {kind: result.beyond(name, 1) for kind, name in called.items()}
    long = {f"{kind}, {LONG} steps or more": result.beyond(name, LONG) for kind, name in called.items()}
    share = long[f"recurrent, {LONG} steps or more"]
    ((name, contrast),) = found.items()
    other = contrast.beyond(called["recurrent"], LONG)
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


QUESTION = Question(
    "d3_two_roles",
    "Two of them serve two roles",
    "Input and recurrent weights serve two roles: predict now, and carry information on.",
    Experiment(Recurrent(), Roles(gap=21)),
    measure,
    contrasts,
    judge,
    (),
    1.0,
)
