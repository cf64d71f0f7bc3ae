"""All exhibits by row. A new one is an entry in one of the files here; its topic's page, the index and the tests find it."""

from core.registry import registry
from pages.exhibits.contraction import CONTRACTION
from pages.exhibits.descents import DESCENTS
from pages.exhibits.layers import LAYERED
from pages.exhibits.learning import LEARNING
from pages.exhibits.matters import MATTERS
from pages.exhibits.papers import PAPERS
from pages.exhibits.paralysis import PARALYSIS
from pages.exhibits.races import RACES
from pages.exhibits.roles import ROLES
from pages.exhibits.steps import STEPS
from pages.frame.question_page import Exhibit

_ALL: tuple[Exhibit, ...] = (
    *MATTERS,
    *PARALYSIS,
    *DESCENTS,
    *STEPS,
    *CONTRACTION,
    *LAYERED,
    *ROLES,
    *LEARNING,
    *RACES,
    *PAPERS,
)
EXHIBITS = registry(*sorted(_ALL, key=lambda exhibit: exhibit.row))
