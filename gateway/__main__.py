"""`gateway` and `python -m gateway`."""

import sys

from gateway.cli.commands import main

if __name__ == "__main__":
    sys.exit(main())
