"""Matters: the gradients are exact, so why is a small one a problem?"""

from pages.exhibits import EXHIBITS
from pages.questions.topic import topic

topic("matters", EXHIBITS)
