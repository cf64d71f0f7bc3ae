"""Unrolled: why RNNs more than MLPs?"""

from pages.questions.topic import topic

topic("unrolled")
