"""Signing in with КЕП: a request of this site and moment, signed with the worker's own key."""
