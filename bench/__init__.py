"""Measures central: requests per second and core, latency, CPU per request, against the same SQL without us."""
