"""Questions about declarations and requests for them."""
