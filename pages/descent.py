"""Descent: what is gradient descent doing?"""

from pages.questions.topic import topic

topic("descent")
