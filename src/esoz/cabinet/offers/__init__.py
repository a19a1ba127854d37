"""Where the medicine of a prescription is at hand, and what it costs there."""
