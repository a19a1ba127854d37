"""What every section stands on: the page and its user, the section itself, the audit log, what pages have in memory."""
