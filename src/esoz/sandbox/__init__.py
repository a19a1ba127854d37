"""The sandbox: a demo country with test keys, a development inbox, and one command that starts everything."""
