"""Keys (КЕП) of the workplace's people: their certificates, how they stand, when they end."""
