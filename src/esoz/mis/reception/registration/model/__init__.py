"""A registration: its states, what it may ask for, the papers of a person."""
