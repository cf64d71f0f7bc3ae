"""Roles: was or were? What exactly fails to be learned."""

from pages.exhibits import EXHIBITS
from pages.questions.topic import topic

topic("roles", EXHIBITS)
