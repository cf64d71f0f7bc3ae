"""Maps: an experiment over a grid of two settings, and what is read off it."""
