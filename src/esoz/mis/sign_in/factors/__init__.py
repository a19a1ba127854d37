"""The second factor of a sign-in by password: codes of an application on the telephone, and recovery codes."""
