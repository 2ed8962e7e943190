"""`python -m bench`: see README.md beside this file."""

import argparse
import sys

import bench.run


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="bench", description=bench.run.__doc__)
    bench.run.arguments(parser)
    return bench.run.run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
