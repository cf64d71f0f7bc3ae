"""All lessons by name. A new one is a file with an entry, named here; the page, its list and the tests find it."""

from core.registry import registry
from pages.lectures.forgotten import FORGOTTEN
from pages.lectures.reasoning import REASONING
from pages.lectures.remedies import REMEDIES

LESSONS = registry(FORGOTTEN, REMEDIES, REASONING)
