"""Acts of handing over outside of electronic prescriptions."""
