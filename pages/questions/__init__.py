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
from pages.questions.c4_mlps_and_cnns import PAGE as C4
from pages.questions.c5_slopes import PAGE as C5
from pages.questions.c6_resnets import PAGE as C6
from pages.questions.c7_counter_example import PAGE as C7
from pages.questions.d1_was_or_were import PAGE as D1
from pages.questions.d2_three_sets import PAGE as D2
from pages.questions.d3_two_roles import PAGE as D3
from pages.questions.d4_word_by_word import PAGE as D4
from pages.questions.d5_role_one import PAGE as D5
from pages.questions.d6_role_two import PAGE as D6
from pages.questions.d7_context import PAGE as D7
from pages.questions.d8_same_matrix import PAGE as D8
from pages.questions.e1_papers import PAGE as E1
from pages.questions.e2_opens_its_path import PAGE as E2
from pages.questions.e3_fading_slopes import PAGE as E3
from pages.questions.e4_error_carousel import PAGE as E4
from pages.questions.e5_relu_and_sparsity import PAGE as E5
from pages.questions.e6_optimiser_tricks import PAGE as E6
from pages.questions.e7_dropout import PAGE as E7
from pages.questions.e8_later_answers import PAGE as E8

_ALL: tuple[QuestionPage, ...] = (
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
QUESTION_PAGES: Mapping[str, QuestionPage] = {entry.row: entry for entry in _ALL}
