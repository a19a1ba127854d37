"""Changes of declarations and of requests for them."""
