"""What every page is made of: settings, address and widgets, the guess, the live part, pictures, and how they are presented."""
