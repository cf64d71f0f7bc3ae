"""Matters: the gradients are exact, so why is a small one a problem?"""

from pages.questions.topic import topic

topic("matters")
