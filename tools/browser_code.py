"""Checks the code that runs in browsers: `browser_code.py check` (types and layout), `browser_code.py fix` (layout)."""

import subprocess
import sys

from esoz.kernel.pages.build import SIGNER, fetch, npm

STEPS = {
    "check": (("run", "check"), ("run", "prettier", "--", "--log-level=warn", "--check")),
    "fix": (("run", "prettier", "--", "--log-level=warn", "--write"),),
}


def main(task: str) -> int:
    """The exit code is 1 when something is wrong; the tools say what."""
    fetch(SIGNER)
    try:
        for step in STEPS[task]:
            npm(SIGNER, "--silent", *step)
    except subprocess.CalledProcessError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
