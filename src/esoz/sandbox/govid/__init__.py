"""The state's system of electronic identification in the sandbox: people prove who they are, and sites are told so.

Its addresses and answers are those of id.gov.ua as its description for information systems has them. A person of the
demo country is chosen from a list in the place of a bank; a key file is opened in the browser as anywhere.
"""
