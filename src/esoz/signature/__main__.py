"""`python -m esoz.signature`: the command line of the library alone."""

import sys

from .command_line import main

if __name__ == "__main__":
    sys.exit(main())
