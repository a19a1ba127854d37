"""Complaints of patients, and the operations that take them."""
