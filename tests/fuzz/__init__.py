"""Fuzzing of everything that reads bytes of strangers: containers, certificates, lists, answers, tokens, key files."""
