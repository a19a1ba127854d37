"""The stock in SQL."""
