"""Published spellings of devices on prescription: bodies, answers."""
