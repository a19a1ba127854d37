"""Keeping what was written: an archive of the embedded database and of documents, restoring, and the check of both."""
