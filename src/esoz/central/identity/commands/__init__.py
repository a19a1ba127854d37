"""Acts at sign-in: sign-in, second factor, passwords, consent, tokens, and the registry of users and clients."""
