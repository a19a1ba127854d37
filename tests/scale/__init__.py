"""central on a part of a country: what is there can be read, and no statement reads more than it needs."""
