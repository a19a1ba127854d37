"""What a pharmacy keeps and its head looks over."""
