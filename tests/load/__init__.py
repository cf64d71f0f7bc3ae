"""Many simulated students against a server of their own: ``python -m tests.load`` (docs/load.md says how to read it)."""
