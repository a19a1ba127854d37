"""What is done with an account on every way in."""
