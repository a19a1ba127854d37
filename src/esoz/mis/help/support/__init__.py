"""Help before sign-in and everywhere: whom to ask, which browser, local data."""
