"""The front door of an installed DeskTerm: finds the folded packages, then hands over to the command line.

A wheel carries `data`, `screens` and `widgets` in `deskterm/_bundle` (docs/decisions/0001-folded-wheel.md); a checkout
has them at its root, which is on the path already. Everything else, parsing included, is left to `deskterm.cli`.
"""

import gc
import os
import sys

BUNDLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_bundle")
"""Where the wheel keeps the generic top-level names; absent in a checkout."""


def unfold() -> None:
    """Put the bundle first on the module search path, so that no folder or distribution called `data` can shadow ours."""
    if os.path.isdir(BUNDLE) and sys.path[:1] != [BUNDLE]:
        sys.path.insert(0, BUNDLE)


# On import, not only in `main`: a spawned child process and `import deskterm.launch` in a script need the names too.
unfold()


def main() -> int:
    """Run the command line on this process's arguments and return its exit status."""
    # Importing makes nothing but objects that stay: looking through them for garbage is a tenth of the start.
    # The command line turns collection on again before a command, the console once its desk is open.
    gc.disable()
    from deskterm.cli.main import main as run  # only now can the modules it needs be found

    return run()
