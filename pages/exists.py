"""Exists: does the vanishing gradient in RNNs exist at all?"""

from pages.exhibits import EXHIBITS
from pages.questions.topic import topic

topic("exists", EXHIBITS)
