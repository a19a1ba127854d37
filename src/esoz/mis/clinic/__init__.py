"""The clinic itself: its people, its divisions."""
