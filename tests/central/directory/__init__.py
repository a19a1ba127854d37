"""What everybody may look up."""
