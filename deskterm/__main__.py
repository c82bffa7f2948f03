"""`python -m deskterm`: the same front door as the `deskterm` script."""

import sys

from deskterm.launch import main

if __name__ == "__main__":
    sys.exit(main())
