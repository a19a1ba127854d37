"""Writing conclusions: the form, the signature, the paper, taking back."""
