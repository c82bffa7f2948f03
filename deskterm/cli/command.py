"""What a command is: a name, its arguments and a function. The help, the parser and `docs/cli.md` follow from the declaration.

A module of commands ends in a tuple named `COMMANDS`. The desk's own modules are listed in `MODULES`; a process adds its own
in `deskterm/<process>/commands.py`, and nothing else has to be told. Such a module is imported to print the help, so it
imports what it works with inside its functions.
"""

from __future__ import annotations

import importlib
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never

import deskterm
from deskterm.errors import UsageError

if TYPE_CHECKING:
    from deskterm.cli.context import Context

MODULES = ("records", "lists", "exchange", "figures", "catalogue", "operation", "upkeep")
"""The desk's own modules of commands, in the order of the help."""

Run = Callable[["Context", Namespace], int | None]
"""Does the work and returns the exit status, None for 0. Refusals are raised."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command, as argparse takes it."""

    names: tuple[str, ...]
    help: str
    options: Mapping[str, Any]

    @property
    def is_option(self) -> bool:
        """Return whether it is given by name."""
        return self.names[0].startswith("-")


def arg(*names: str, help: str, **options: Any) -> Argument:  # noqa: A002 - argparse calls it so
    """Declare an argument; the options are those of `ArgumentParser.add_argument`."""
    return Argument(names, help, options)


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the command line."""

    name: str
    run: Run
    help: str
    """One line, without a full stop."""
    arguments: tuple[Argument, ...] = ()
    notes: str = ""
    """What the help says besides."""
    examples: tuple[str, ...] = ()


class Parser(ArgumentParser):
    """An argparse parser whose complaints are errors like every other."""

    def error(self, message: str) -> Never:
        """Refuse the command line.

        Raises:
            UsageError: always.
        """
        raise UsageError(f"{message}; see: {self.prog} --help")


def parser_of(command: Command) -> Parser:
    """Return the parser of a command's own arguments."""
    parser = Parser(
        prog=f"deskterm {command.name}",
        description=f"{command.help[0].upper()}{command.help[1:]}.",
        epilog=_epilog(command),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for argument in command.arguments:
        parser.add_argument(*argument.names, help=argument.help, **argument.options)
    return parser


def _epilog(command: Command) -> str:
    examples = "\n".join(f"  {line}" for line in command.examples)
    parts = (command.notes, f"examples:\n{examples}" if examples else "")
    return "\n\n".join(part for part in parts if part)


_SHIELD = "\0"
"""Stands before an argument that begins with `-` and is no option. No argument of a process can hold it by itself."""


def parse(command: Command, words: Sequence[str]) -> Namespace:
    """Read a command's arguments.

    Options and other arguments may come in any order. A single `-` begins an option only in `-h`: everything else that
    looks like one, such as the query `-tag:noise` or the sort order `-priority`, is taken as it is.

    Raises:
        UsageError: they are not understood.
    """
    shielded, options = [], True
    for word in words:
        options = options and word != "--"
        plain = options and word.startswith("-") and not word.startswith("--") and word not in ("-", "-h")
        shielded.append(f"{_SHIELD}{word}" if plain else word)
    given = parser_of(command).parse_intermixed_args(shielded)
    return Namespace(**{name: _unshield(value) for name, value in vars(given).items()})


def _unshield(value: Any) -> Any:
    if isinstance(value, list):
        return [_unshield(item) for item in value]
    return value.removeprefix(_SHIELD) if isinstance(value, str) else value


def global_parser() -> Parser:
    """Return the parser of the options that stand before the command."""
    parser = Parser(prog="deskterm", add_help=False, allow_abbrev=False)
    for argument in GLOBALS:
        parser.add_argument(*argument.names, help=argument.help, **argument.options)
    return parser


GLOBALS = (
    arg("-h", "--help", action="store_true", help="say what there is, and stop"),
    arg("--version", action="store_true", help="say which version this is, and stop"),
    arg("--database", metavar="PLACE", help="a file or a postgresql:// URL; DESKTERM_DATABASE, or a file in your data folder"),
    arg("--as", dest="login", metavar="LOGIN", help="act as this agent; DESKTERM_AGENT, or your login on this machine"),
    arg("--at", metavar="INSTANT", help="when it happens or is looked at, such as 2026-11-22T14:02:00Z; now if not given"),
    arg("--json", action="store_true", help="write JSON to standard output, and nothing else"),
)
"""The options that every command understands; they stand before it."""


def commands() -> dict[str, Command]:
    """Return every command by name, in the order of the help."""
    modules = [f"deskterm.cli.{name}" for name in MODULES]
    files = (file for root in deskterm.__path__ for file in Path(root).glob("*/commands.py"))
    modules += sorted(f"deskterm.{file.parent.name}.commands" for file in files)
    found: dict[str, Command] = {}
    for module in modules:
        for command in importlib.import_module(module).COMMANDS:
            if command.name in found:
                raise RuntimeError(f"the command {command.name} is declared twice, the second time in {module}")
            found[command.name] = command
    return found
