"""Help at the door and everywhere: whom to ask, which browser, local data."""
