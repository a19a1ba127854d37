"""A state's portal in the sandbox: a door to ЕСОЗ whose people come in through id.gov.ua and sign in the browser.

A client of central's public API like any other: it has a client id of its own and knows nothing of central from inside.
"""
