"""The limits that several verdicts share. Logarithms are natural."""

import numpy as np

LOST = float(np.log(1e-4))  # share of the signal below which none of 47 cell × gap points was learned within 400 steps
# share of the signal at the cue with which a task was nearly always learned within 400 steps (the same 47 points)
FLOWS = float(np.log(10**-1.7))
ARRIVES = float(np.log(0.1))  # with a tenth or more, nothing worth the name has vanished
LEARNED = 0.9  # accuracy: nobody guesses that
GUESSES = 0.1  # above chance at most: three standard deviations of 256 guesses at one half
LONG = 10  # steps that count as long-range
