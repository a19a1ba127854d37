"""central (ЦБД): the national database behind the published API."""
