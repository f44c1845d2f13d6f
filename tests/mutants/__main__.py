"""Start the table of mutants; this is a file of its own because a spawned process cannot import it."""

import sys

from tests.mutants.table import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
