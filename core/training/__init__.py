"""Training in resumable pieces: ``start``, ``advance``, and the film of what was seen on the way."""
