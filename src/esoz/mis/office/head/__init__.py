"""One page for the head of a pharmacy: what ends soon, what is open, what the week and the month amount to."""
