"""Documents of devices on prescription as they are signed: what a signature is compared with is law, not spelling."""
