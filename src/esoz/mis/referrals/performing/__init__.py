"""Answering referrals of other clinics: found by the number, taken, given back, completed."""
