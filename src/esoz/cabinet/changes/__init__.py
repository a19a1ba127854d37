"""Change of own data: the new data, scans where they are asked for, the signature, the history."""
