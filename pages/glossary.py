"""Glossary: what the words mean, each with the question or the map where it can be tried."""

from pages.exhibits import EXHIBITS
from pages.glossary.page import Way, glossary
from pages.maps.entries import MAPS

glossary(
    {row: Way(exhibit.topic, exhibit.question, {"row": row}) for row, exhibit in EXHIBITS.items()}
    | {f"map/{name}": Way("map", f"the map {entry.label}", {"map": name}) for name, entry in MAPS.items()}
)
