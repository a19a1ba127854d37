"""Who speaks for a registered patient: added, by other papers, no more; confirmed, signed, done by central."""
