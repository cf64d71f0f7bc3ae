"""What networks are put together from: a registry of named entries each, and the arithmetic that they share."""
