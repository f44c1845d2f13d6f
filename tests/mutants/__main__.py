"""Start the table of mutants: ``python -m tests.mutants``. A spawned process cannot import this file, so it is short."""

import sys

from tests.mutants.table import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
