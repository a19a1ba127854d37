"""What a pharmacy has: medicines, batches, movements, and the rules of taking from them."""
