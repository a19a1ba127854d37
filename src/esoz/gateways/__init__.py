"""The outside world behind small protocols: signatures' trust, messages, registers. A real and a local twin each."""
