"""Unrolled: why RNNs more than MLPs?"""

from pages.exhibits import EXHIBITS
from pages.questions.topic import topic

topic("unrolled", EXHIBITS)
