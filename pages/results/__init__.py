"""Who measures what, and what is known of it meanwhile."""
