"""All lessons by name. A new one is a file with an entry, named here; the page, its list and the tests find it."""

from core.registry import registry
from pages.lessons.forgotten import FORGOTTEN
from pages.lessons.reasoning import REASONING
from pages.lessons.remedies import REMEDIES

LESSONS = registry(FORGOTTEN, REMEDIES, REASONING)
