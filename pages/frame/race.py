"""A race in words: who has learned the task and whether the gradient foretold it; and the visitor's bet on the winner."""

from collections.abc import Sequence

import streamlit as st

from core.experiment.remedies import REMEDIES
from core.shown.standings import Lane, winners
from core.wording import scientific
from pages.frame.settings import Settings

NOBODY = "nobody"


def seen(lanes: Sequence[Lane], chance: float, right: str) -> str:
    """Two sentences, in Markdown: the standings, and what the share of the signal had said before."""
    if not any(len(each.steps) for each in lanes):
        return f"**Not started yet.** Guessing gets {100 * chance:.3g} % right."
    first, learned = winners(list(lanes)), [each for each in lanes if each.learned is not None]
    behind = sorted((each for each in learned if each not in first), key=lambda each: each.learned or 0)
    lost = [each for each in lanes if each.blew is not None]
    rest = [each for each in lanes if each.learned is None and each.blew is None and len(each.accuracy)]
    over = all(each.done for each in lanes)
    said = []
    if first:
        verb = ("wins" if len(first) == 1 else "win") if over else ("leads" if len(first) == 1 else "lead")
        said.append(f"**{_listed(first)}** {verb}: nine tenths of {right} answered after {first[0].learned} steps")
    else:
        said.append(f"**Nobody** has learned it{'' if over else ' yet'}")
    if behind:
        said.append(f"then {', '.join(f'**{_name(each)}** ({each.learned})' for each in behind)}")
    if rest:
        shares = ", ".join(f"{_name(each)} ({each.accuracy[-1]:.0%})" for each in rest)
        said.append(f"{'not' if over else 'not yet'}: {shares}" if first else shares)
    text = "; ".join(said) + f". Guessing gets {100 * chance:.3g} %."
    return text + "".join(f" **{_name(each)} blew up** after {each.blew} steps and has lost." for each in lost)


def foretold(lanes: Sequence[Lane]) -> str:
    """Whether the share of the signal before training told who would learn, once all are done; "" before."""
    known = [each for each in lanes if each.foretold is not None and each.blew is None]
    if not known or not all(each.done for each in lanes):
        return ""
    wrong = [each for each in known if each.foretold != (each.learned is not None)]
    said = f"The share of the signal before training foretold **{len(known) - len(wrong)} of {len(known)}**"
    opened = [each for each in wrong if each.learned is not None]
    unused = [each for each in wrong if each.learned is None]
    if opened:
        ways = ", ".join(
            f"{_name(each)} ({scientific(float(each.share[0]))} before, up to {scientific(float(each.share.max()))} in training)"
            for each in opened
        )
        said += f"; not {ways}, which opened a path of {'its' if len(opened) == 1 else 'their'} own"
    if unused:
        ways = ", ".join(f"{_name(each)} ({scientific(float(each.share[0]))})" for each in unused)
        said += f"; not {ways}, where enough arrived: a path is necessary, not sufficient, and takes time to be used"
    between = [each for each in lanes if each.foretold is None and each.blew is None]
    return said + (f". {_listed(between)} lay in between, where both happens." if between else ".")


def bet(settings: Settings, names: Sequence[str]) -> str | None:
    """The remedy that the visitor thinks will win, or ``NOBODY``; None as long as he has not said."""
    st.markdown("**Your guess first.** Who will be the first to answer nine sentences in ten?")
    choice: str | None = st.segmented_control(
        "Your guess",
        [*names, NOBODY],
        format_func=lambda name: REMEDIES[name].label if name in REMEDIES else name,
        key=f"{settings.page.name}-guess-{hash((settings.experiment, tuple(names)))}",
        label_visibility="collapsed",
        wrap=True,
    )
    if choice is None:
        st.caption("Choose, and the race can start. The switch “Guess first” turns this off.")
    return choice


def settled(choice: str, lanes: Sequence[Lane]) -> None:
    """What became of the bet, once all are done."""
    said = REMEDIES[choice].label if choice in REMEDIES else choice
    if not all(each.done for each in lanes):
        st.info(f"You said {said}. The answer comes at the end.", icon=":material/lightbulb:")
        return
    first = [each.name for each in winners(list(lanes))]
    if choice in first or (choice == NOBODY and not first):
        st.success(f"You said {said}: right.", icon=":material/check:")
    else:
        won = _listed(winners(list(lanes))) or NOBODY
        st.info(f"You said {said}; it was {won}.", icon=":material/lightbulb:")


def _name(lane: Lane) -> str:
    return REMEDIES[lane.name].label


def _listed(lanes: Sequence[Lane]) -> str:
    return " and ".join(filter(None, (", ".join(map(_name, lanes[:-1])), *map(_name, lanes[-1:]))))
