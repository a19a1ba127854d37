"""What a clinic does with its people, and what follows from what central tells of them."""
