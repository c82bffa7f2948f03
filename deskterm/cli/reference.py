"""The overview that `deskterm --help` prints, and `docs/cli.md`, both made from the table of commands.

Run `python -m deskterm.cli.reference` and keep what it prints as `docs/cli.md`; a test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from deskterm.cli.command import GLOBALS, Argument, Command, commands

_STATUS = (
    ("0", "done"),
    ("1", "refused: one line on standard error says which rule and what to do"),
    ("2", "the command line was not understood"),
    ("3", "the database cannot be reached, or is not a desk"),
    ("130, 141", "interrupted; whoever read the output has gone"),
)
_ABOUT = "A full-screen console for the help desk. Without a command it opens the console."


def overview(known: Iterable[Command]) -> str:
    """Return what `deskterm --help` prints."""
    known = list(known)
    wide = max(len(command.name) for command in known) + 2
    options = [(_flag(argument), argument.help) for argument in GLOBALS]
    reach = max(len(flag) for flag, _ in options) + 2
    lines = [
        "usage: deskterm [options] [command] [arguments]",
        "",
        _ABOUT,
        "",
        "commands (deskterm COMMAND --help says more):",
        *(f"  {command.name:{wide}}{command.help}" for command in known),
        "",
        "options, before the command:",
        *(f"  {flag:{reach}}{text}" for flag, text in options),
        "",
        "exit status: " + "; ".join(f"{status} {meaning.split(':')[0]}" for status, meaning in _STATUS),
    ]
    return "\n".join(lines)


def usage(command: Command) -> str:
    """Return a command's usage on one line."""
    return " ".join([f"deskterm {command.name}", *(_usage_of(argument) for argument in command.arguments)])


def _flag(argument: Argument) -> str:
    metavar = argument.options.get("metavar")
    return ", ".join(argument.names) + (f" {metavar}" if metavar else "")


def _usage_of(argument: Argument) -> str:
    metavar = argument.options.get("metavar")
    if argument.is_option:
        return f"[{argument.names[-1]}{f' {metavar}' if metavar else ''}]"
    name, count = str(metavar or argument.names[0].upper()), argument.options.get("nargs")
    return {"?": f"[{name}]", "*": f"[{name}…]", "+": f"{name}…"}.get(str(count), name)


def markdown(known: Iterable[Command]) -> str:
    """Return `docs/cli.md`."""
    return "\n".join(_document(list(known))) + "\n"


def _document(known: list[Command]) -> Iterator[str]:
    yield "# The command line"
    yield ""
    yield "<!-- Made by: python -m deskterm.cli.reference > docs/cli.md -->"
    yield ""
    yield f"{_ABOUT} Every command works with the rights of one agent"
    yield "and prints for a person or, with `--json`, for a program."
    yield ""
    yield "## Options before the command"
    yield ""
    yield "| option | does |"
    yield "| --- | --- |"
    yield from (f"| `{_flag(argument)}` | {argument.help} |" for argument in GLOBALS)
    yield ""
    yield "| exit status | means |"
    yield "| --- | --- |"
    yield from (f"| {status} | {meaning} |" for status, meaning in _STATUS)
    yield ""
    yield _JSON
    for command in known:
        yield ""
        yield f"## {command.name}"
        yield ""
        yield f"{command.help[0].upper()}{command.help[1:]}."
        yield ""
        yield "```sh"
        yield usage(command)
        yield "```"
        yield from _details(command)


def _details(command: Command) -> Iterator[str]:
    if command.arguments:
        yield ""
        yield "| argument | is |"
        yield "| --- | --- |"
        for argument in command.arguments:
            name = _flag(argument) if argument.is_option else str(argument.options.get("metavar") or argument.names[0])
            yield f"| `{name}` | {argument.help.replace('|', chr(92) + '|').replace('%%', '%')} |"
    if command.notes:
        yield ""
        yield command.notes
    if command.examples:
        yield ""
        yield "```sh"
        yield from command.examples
        yield "```"


_JSON = """\
With `--json`, a refusal is also written to standard output as `{"error": {"code", "message", "fields"}}`.
Instants are ISO 8601 UTC with `Z`, durations whole seconds, no value `null`. Everything is ASCII:
other letters are written as `\\u00e9`, which every reader of JSON undoes."""


if __name__ == "__main__":
    sys.stdout.write(markdown(commands().values()))
