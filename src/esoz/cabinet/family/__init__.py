"""Children and wards of the patient who is signed in: who they are, acting for one of them, coming back."""
