"""The pharmacy: finding a prescription by its number, choosing packages, handing over."""
