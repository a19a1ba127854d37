"""The first page: what to do, my doctor, prescriptions for the pharmacy, who looked at my data."""
