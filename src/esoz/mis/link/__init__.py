"""The link to central: consent and tokens, the words of its refusals, the copy of its dictionaries."""
