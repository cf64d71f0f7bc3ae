"""Theory: what the rate of decay should be, to be laid over what was measured."""
