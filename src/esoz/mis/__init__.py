"""mis: the workplace of doctors, registrars and pharmacists. Knows central only through its public API."""
