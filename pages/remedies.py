"""Remedies: what helps, and what does not?"""

from pages.exhibits import EXHIBITS
from pages.ui.topic import topic

topic("remedies", EXHIBITS)
