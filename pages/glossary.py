"""Glossary: what the words mean, each with the question or the map where it can be tried."""

from pages.frame.glossary_page import Link, glossary
from pages.maps.entries import MAPS
from pages.questions import QUESTION_PAGES

glossary(
    {row: Link(entry.topic, entry.texts.question, {"row": row}) for row, entry in QUESTION_PAGES.items()}
    | {f"map/{name}": Link("map", f"the map {entry.label}", {"map": name}) for name, entry in MAPS.items()}
)
