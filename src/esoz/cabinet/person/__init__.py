"""My data: what central has registered of me, and how I confirm my acts."""
