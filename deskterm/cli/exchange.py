"""Soon."""

COMMANDS: tuple[()] = ()
