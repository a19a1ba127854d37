"""Registration of legal entities."""
