"""What the state pays for: reimbursed dispenses of a pharmacy, or by the prescriptions of a clinic, summed."""
