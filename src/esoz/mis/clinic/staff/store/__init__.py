"""SQL of the people of a clinic: who works there, who is invited, who may come in."""
