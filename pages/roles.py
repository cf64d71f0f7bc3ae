"""Roles: was or were? What exactly fails to be learned."""

from pages.questions.topic import topic

topic("roles")
