"""Questions about prescriptions, each with its line in the audit log."""
