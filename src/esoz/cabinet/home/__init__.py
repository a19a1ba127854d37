"""The first page: prescriptions for the pharmacy, who looked at my data, my doctor."""
