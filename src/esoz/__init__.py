"""esoz: Ukraine's electronic health system, central database, clinic workplace and patient cabinet."""

__version__ = "0.1.0"
