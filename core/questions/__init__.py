"""Questions: everything that people ask or claim, each as an experiment with a measured verdict.

from core.questions import QUESTIONS
question = QUESTIONS["a3"]
question.measure(question.base)              # the Result that its page draws
verdict = question.verdict(question.base)    # or of any other experiment that fits
verdict.verdict, verdict.number, verdict.finding, verdict.overturned_by
"""

from collections.abc import Mapping

from .a4_last_layers import QUESTION as A4
from .a5_noise import QUESTION as A5
from .a6_loss_surface import QUESTION as A6
from .b1_one_step import QUESTION as B1
from .b2_global_minimum import QUESTION as B2
from .b3_error_at_each_word import QUESTION as B3
from .b4_factors import QUESTION as B4
from .b5_france import QUESTION as B5
from .b6_scaled_gradient import QUESTION as B6
from .base import VERDICTS, Question, Verdict
from .c3_radius_or_norm import QUESTION as C3
from .c4_mlps_and_cnns import QUESTION as C4
from .c5_slopes import QUESTION as C5
from .c6_resnets import QUESTION as C6
from .c7_counter_example import QUESTION as C7
from .d1_was_or_were import QUESTION as D1
from .d2_three_sets import QUESTION as D2
from .d3_two_roles import QUESTION as D3
from .d4_word_by_word import QUESTION as D4
from .d5_role_one import QUESTION as D5
from .d6_role_two import QUESTION as D6
from .d7_context import QUESTION as D7
from .d8_same_matrix import QUESTION as D8
from .e1_papers import QUESTION as E1
from .e2_opens_its_path import QUESTION as E2
from .e3_fading_slopes import QUESTION as E3
from .e4_error_carousel import QUESTION as E4
from .e5_relu_and_sparsity import QUESTION as E5
from .e6_optimiser_tricks import QUESTION as E6
from .e7_dropout import QUESTION as E7
from .e8_later_answers import QUESTION as E8

LETTERS = {
    "a": "The gradients are exact. So why is a small gradient a problem?",
    "b": "What is gradient descent doing, and where do France and French come in?",
    "c": "Why RNNs more than MLPs? And what did ResNets fix?",
    "d": "Was or were? What exactly fails to be learned?",
    "e": "Does the vanishing gradient in RNNs exist at all?",
}
_ALL: tuple[Question, ...] = (
    A4,
    A5,
    A6,
    B1,
    B2,
    B3,
    B4,
    B5,
    B6,
    C3,
    C4,
    C5,
    C6,
    C7,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    D7,
    D8,
    E1,
    E2,
    E3,
    E4,
    E5,
    E6,
    E7,
    E8,
)
QUESTIONS: Mapping[str, Question] = {question.row: question for question in _ALL}

__all__ = ["LETTERS", "QUESTIONS", "VERDICTS", "Question", "Verdict"]
