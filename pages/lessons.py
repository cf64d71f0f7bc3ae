"""Lessons: an ordered path through the experiments, with a question before each picture."""

from pages.lessons.page import lessons

lessons()
