"""What exhibits show: measurements put together for one picture. Pure functions of an experiment, done here or on a worker."""
