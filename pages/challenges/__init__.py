"""Broken networks to be repaired."""
