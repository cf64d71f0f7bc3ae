"""What a visitor copies into a training loop. Each runs in a test."""
