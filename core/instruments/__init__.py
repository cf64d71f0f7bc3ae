"""Instruments: one file, one quantity, from an experiment (or its trained run) to plain arrays."""
