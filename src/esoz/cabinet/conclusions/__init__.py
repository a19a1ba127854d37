"""Medical conclusions about the patient: number, days, what is stated, on paper too."""
