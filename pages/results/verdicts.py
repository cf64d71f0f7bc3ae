"""Verdicts: judged by the same results that pages draw, and kept for everybody who asks the same."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable

from core import Experiment, SpecError
from core.execution.jobs import Answer
from core.questions import Question
from core.questions.base import Instrument
from pages.results.jobs import jobs, limits, student

Ask = Callable[[Instrument, Experiment], Answer]
_judged: OrderedDict[tuple[str, Experiment], Answer] = OrderedDict()  # the newest last


def ask(instrument: Instrument, experiment: Experiment) -> Answer:
    """Asks a worker."""
    return jobs().ask(student(), instrument, experiment)


def verdict(question: Question, experiment: Experiment, measured: Answer) -> Answer:
    """Returns the verdict on what was ``measured``, or what is known so far; ``problem`` says what can't be judged."""
    key = question.row, experiment
    if key not in _judged:
        answer = _judge(question, experiment, measured)
        if not answer.finished or answer.problem:
            return answer
        _judged[key] = answer
        while len(_judged) > limits().measurements:
            _judged.popitem(last=False)
    return _judged[key]


def known(question: Question, experiment: Experiment) -> Answer | None:
    """Returns the verdict if somebody has had it worked out. Asks for nothing."""
    return _judged.get((question.row, experiment))


def renew(question: Question, experiment: Experiment, measured: Answer) -> None:
    """Tries again, when it is next asked for, what a worker could not measure; for use in a callback."""
    jobs().renew((question.measure, experiment))
    for contrast in question.contrasts(experiment, measured.value).values():
        jobs().renew(contrast)


def _judge(question: Question, experiment: Experiment, measured: Answer) -> Answer:
    if not measured.finished or measured.problem:
        return measured
    try:
        contrasts = question.contrasts(experiment, measured.value)
        found = {name: ask(*contrast) for name, contrast in contrasts.items()}
        problem = next((answer.problem for answer in found.values() if answer.problem), "")
        if problem or not all(answer.finished for answer in found.values()):
            return Answer(problem=problem, finished=bool(problem), since=longest(found.values()))
        assert question.judge
        values = {name: answer.value for name, answer in found.items()}
        return Answer(question.judge(experiment, measured.value, values), finished=True)
    except SpecError as error:
        return Answer(problem=f"{error}.", finished=True)


def longest(answers: Iterable[Answer]) -> float:
    """Returns the seconds that a worker has been at the one begun first; NaN if none has been begun."""
    return max((answer.since for answer in answers if not math.isnan(answer.since)), default=math.nan)
