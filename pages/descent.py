"""Descent: what is gradient descent doing?"""

from pages.exhibits import EXHIBITS
from pages.questions.topic import topic

topic("descent", EXHIBITS)
