"""Maps of where a network can learn: which there are, what is known of them, how they are chosen, drawn and told."""
