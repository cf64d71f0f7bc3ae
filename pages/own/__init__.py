"""The visitor's own network: a list of layers, a recording, and what is found in it."""
