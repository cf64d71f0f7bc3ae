"""A race in words: who has learned the task and whether the gradient foretold it; and the visitor's bet on the winner."""

from collections.abc import Sequence

import streamlit as st

from core.experiment.remedies import REMEDIES
from core.questions.standings import Standing, winners
from core.wording import scientific
from pages.frame.guess import answered, guess
from pages.frame.settings import Settings

NOBODY = "nobody"


def seen(standings: Sequence[Standing], chance: float, right: str) -> str:
    """Says in Markdown who leads, who has learned it and who has not."""
    if not any(len(standing.steps) for standing in standings):
        return f"**Not started yet.** Guessing gets {100 * chance:.3g} % right."
    first, learned = winners(standings), [standing for standing in standings if standing.learned is not None]
    behind = sorted(
        (standing for standing in learned if standing not in first), key=lambda standing: standing.learned or 0
    )
    lost = [standing for standing in standings if standing.blew_up is not None]
    rest = [
        standing
        for standing in standings
        if standing.learned is None and standing.blew_up is None and len(standing.accuracy)
    ]
    over = all(standing.done for standing in standings)
    said = []
    if first:
        verb = ("wins" if len(first) == 1 else "win") if over else ("leads" if len(first) == 1 else "lead")
        said.append(f"**{_listed(first)}** {verb}: nine tenths of {right} answered after {first[0].learned} steps")
    else:
        said.append(f"**Nobody** has learned it{'' if over else ' yet'}")
    if behind:
        said.append(f"then {', '.join(f'**{_name(standing)}** ({standing.learned})' for standing in behind)}")
    if rest:
        shares = ", ".join(f"{_name(standing)} ({standing.accuracy[-1]:.0%})" for standing in rest)
        said.append(f"{'not' if over else 'not yet'}: {shares}" if first else shares)
    text = "; ".join(said) + f". Guessing gets {100 * chance:.3g} %."
    return text + "".join(
        f" **{_name(standing)} blew up** after {standing.blew_up} steps and has lost." for standing in lost
    )


def foretold(standings: Sequence[Standing]) -> str:
    """Says whether the share of the signal before training told who would learn, once all are done; "" before."""
    known = [standing for standing in standings if standing.foretold is not None and standing.blew_up is None]
    if not known or not all(standing.done for standing in standings):
        return ""
    wrong = [standing for standing in known if standing.foretold != (standing.learned is not None)]
    said = f"The share of the signal before training foretold **{len(known) - len(wrong)} of {len(known)}**"
    opened = [standing for standing in wrong if standing.learned is not None]
    unused = [standing for standing in wrong if standing.learned is None]
    if opened:
        ways = ", ".join(
            f"{_name(standing)} ({scientific(float(standing.share[0]))} before, up to "
            f"{scientific(float(standing.share.max()))} in training)"
            for standing in opened
        )
        said += f"; not {ways}, which opened a path of {'its' if len(opened) == 1 else 'their'} own"
    if unused:
        ways = ", ".join(f"{_name(standing)} ({scientific(float(standing.share[0]))})" for standing in unused)
        said += f"; not {ways}, where enough arrived: a path is necessary, not sufficient, and takes time to be used"
    between = [standing for standing in standings if standing.foretold is None and standing.blew_up is None]
    return said + (f". {_listed(between)} lay in between, where both happens." if between else ".")


def bet(settings: Settings, names: Sequence[str]) -> str | None:
    """Asks which remedy will win; returns its name or ``NOBODY``, None as long as the visitor has not said."""
    question = "Who will be the first to answer nine sentences in ten?"
    about = settings.experiment, tuple(names)
    return guess(settings, question, [*names, NOBODY], about, _called, "the race can start")


def settled(choice: str, standings: Sequence[Standing]) -> None:
    """Says what became of the bet, once all are done."""
    if not all(standing.done for standing in standings):
        st.info(f"You said {_called(choice)}. The answer comes at the end.", icon=":material/lightbulb:")
        return
    first = winners(standings)
    right = choice in [standing.name for standing in first] or (choice == NOBODY and not first)
    answered(_called(choice), right, f"; it was {_listed(first) or NOBODY}.")


def _called(name: str) -> str:
    return REMEDIES[name].label if name in REMEDIES else name


def _name(standing: Standing) -> str:
    return REMEDIES[standing.name].label


def _listed(standings: Sequence[Standing]) -> str:
    return " and ".join(filter(None, (", ".join(map(_name, standings[:-1])), *map(_name, standings[-1:]))))
