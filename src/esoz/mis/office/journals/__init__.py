"""Journals of a period: by electronic prescriptions, by paper, without any, wholesale, what was brought back."""
