"""What surrounds the pages: readiness, counters, logs, and how many may come in. ``server.py`` puts it together."""
