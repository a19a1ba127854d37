"""The telephone with Diia in the sandbox: who holds it comes in to ЕСОЗ, signs, and lends a signature to other sites.

A client of central's public API like any other: it has a client id of its own and knows nothing of central from inside.
"""
