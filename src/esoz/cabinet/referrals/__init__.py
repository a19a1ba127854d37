"""Referrals of the patient: number and codes for the clinic, on paper too, who took them, what came of them."""
