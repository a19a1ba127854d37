"""Questions about devices on prescription, each with its line in the audit log."""
