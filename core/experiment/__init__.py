"""What is measured or trained: an experiment's parts by name, its data, and the remedies that change it."""
