"""Everything that can be taken away from a page."""
