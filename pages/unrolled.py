"""Unrolled: why RNNs more than MLPs?"""

from pages.exhibits import EXHIBITS
from pages.ui.topic import topic

topic("unrolled", EXHIBITS)
