"""One file a question: its controls, pictures and sentence. What is claimed and measured has the same name in ``core``."""

from collections.abc import Mapping

from pages.frame.question_page import QuestionPage
from pages.questions.a4_last_layers import PAGE as A4
from pages.questions.a5_noise import PAGE as A5
from pages.questions.a6_loss_surface import PAGE as A6
from pages.questions.c3_radius_or_norm import PAGE as C3
from pages.questions.c4_mlps_and_cnns import PAGE as C4
from pages.questions.c6_resnets import PAGE as C6
from pages.questions.d1_was_or_were import PAGE as D1
from pages.questions.d2_three_sets import PAGE as D2
from pages.questions.d3_two_roles import PAGE as D3
from pages.questions.d4_word_by_word import PAGE as D4
from pages.questions.d5_role_one import PAGE as D5
from pages.questions.d6_role_two import PAGE as D6
from pages.questions.d7_context import PAGE as D7
from pages.questions.d8_same_matrix import PAGE as D8

_ALL: tuple[QuestionPage, ...] = (
    A4,
    A5,
    A6,
    C3,
    C4,
    C6,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    D7,
    D8,
)
QUESTION_PAGES: Mapping[str, QuestionPage] = {entry.row: entry for entry in _ALL}
