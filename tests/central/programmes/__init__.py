"""Medical programmes."""
