"""Coming in with КЕП: for oneself and for another, for the first time and again."""
