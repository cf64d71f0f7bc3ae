"""Exists: does the vanishing gradient in RNNs exist at all?"""

from pages.questions.topic import topic

topic("exists")
