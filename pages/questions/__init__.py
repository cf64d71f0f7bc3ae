"""One file a question: its controls, pictures and sentence. What is claimed and measured has the same name in ``core``."""

from collections.abc import Mapping

from pages.frame.question_page import QuestionPage
from pages.questions.a4_last_layers import PAGE as A4
from pages.questions.a5_noise import PAGE as A5
from pages.questions.a6_loss_surface import PAGE as A6
from pages.questions.b1_one_step import PAGE as B1
from pages.questions.b2_global_minimum import PAGE as B2
from pages.questions.b3_error_at_each_word import PAGE as B3
from pages.questions.b4_factors import PAGE as B4
from pages.questions.b5_france import PAGE as B5
from pages.questions.b6_scaled_gradient import PAGE as B6
from pages.questions.c3_radius_or_norm import PAGE as C3
from pages.questions.c6_resnets import PAGE as C6
from pages.questions.d5_role_one import PAGE as D5
from pages.questions.d6_role_two import PAGE as D6
from pages.questions.d7_context import PAGE as D7

_ALL: tuple[QuestionPage, ...] = (A4, A5, A6, B1, B2, B3, B4, B5, B6, C3, C6, D5, D6, D7)
QUESTION_PAGES: Mapping[str, QuestionPage] = {entry.row: entry for entry in _ALL}
