"""People of a clinic: who works there, who is invited, who has left; all of it follows central."""
