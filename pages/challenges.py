"""Challenges: broken networks to be repaired, checked by measurement."""

from pages.challenges.page import challenges

challenges()
