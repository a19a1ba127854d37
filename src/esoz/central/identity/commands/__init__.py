"""Acts at the door: coming in, second factor, passwords, consent, tokens, and the registry of users and clients."""
