"""Instruments that judge: is the gradient right, does it matter, and what did training do with it?"""
