"""The front of the command line: global options, one command, one exit status. Errors are told here and nowhere else.

Exit status: 0 done, 1 refused, 2 not understood, 3 no desk; 130 interrupted, 141 when whoever reads our output has gone.
"""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TextIO

from deskterm.cli.command import Command, commands, global_parser, parse
from deskterm.cli.context import Context, Options
from deskterm.errors import DeskError, UsageError

INTERRUPTED = 130
READER_GONE = 141


class NoTerminal(DeskError):
    """The console was asked for where nobody could see it."""

    code = "no-terminal"
    exit_status = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    _tolerate_any_text(sys.stdout, sys.stderr)
    context = Context(Options("", None, json="--json" in _split(words)[0]))
    try:
        status = _run(context, words)
        sys.stdout.flush()
        return status
    except DeskError as error:
        return _told(context, error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        context.quiet()
        return READER_GONE
    except Exception as problem:  # broad: nobody should have to read a traceback
        from deskterm.cli import crash

        return _told(context, crash.report(problem))
    finally:
        context.close()


def _told(context: Context, error: DeskError) -> int:
    try:
        status = context.fail(error)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        context.quiet()
        return READER_GONE


def _tolerate_any_text(*streams: TextIO) -> None:
    """Let no letter that a terminal's encoding lacks, nor half a character, stop a command."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _run(context: Context, words: Sequence[str]) -> int:
    before, name, after = _split(words)
    given = global_parser().parse_args(before)
    if any("\ud800" <= letter <= "\udfff" for word in words for letter in word):
        raise UsageError("the command line is not valid UTF-8; set a UTF-8 locale, or give the text by FIELD=@file")
    if given.help or name == "help":
        return _help(context)
    if given.version:
        import deskterm

        context.line(f"deskterm {deskterm.__version__}")
        return 0
    if name is None:
        context.options = _options(given)
        return open_console(context.options.database, context.login)
    command = _command(name)
    if not any(word in ("-h", "--help") for word in after):
        context.options = _options(given)
    arguments = _arguments(command, after)
    gc.enable()
    return 0 if arguments is None else (command.run(context, arguments) or 0)


def _options(given: Namespace) -> Options:
    return Options.of(given.database, given.login, given.at, given.json, os.environ)


def _split(words: Sequence[str]) -> tuple[list[str], str | None, list[str]]:
    """Part the command line into global options, the command's name and its own arguments."""
    takes_value = ("--database", "--as", "--at")
    i = 0
    while i < len(words) and words[i].startswith("-"):
        i += 2 if words[i] in takes_value else 1
    return list(words[:i]), words[i] if i < len(words) else None, list(words[i + 1 :])


def _command(name: str) -> Command:
    known = commands()
    if name in known:
        return known[name]
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    raise UsageError(f"there is no command {name!r}; {f'did you mean {near[0]}?' if near else 'see: deskterm --help'}")


def _arguments(command: Command, words: Sequence[str]) -> Namespace | None:
    """Return the command's arguments, None if its help was asked for and printed."""
    misplaced = [word for word in words if word.split("=")[0] in ("--json", "--database", "--as", "--at")]
    try:
        return parse(command, words)
    except UsageError:
        if misplaced:
            raise UsageError(f"{misplaced[0]} stands before the command: deskterm {misplaced[0]} {command.name} …") from None
        raise
    except SystemExit:  # argparse ends so once it has printed a help
        return None


def _help(context: Context) -> int:
    from deskterm.cli.reference import overview

    context.lines(overview(commands().values()))
    return 0


def open_console(database: str, login: str) -> int:
    """Open the console and return its exit status.

    Raises:
        NoTerminal: standard input or standard error, on which it draws, is no terminal.
        DatabaseError: there is no desk, or none this program can work with.
        NotAllowed: nobody with this login works here.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NoTerminal("the console needs a terminal (ssh: add -t); for a single command see: deskterm --help")
    import importlib

    # By name: the desk's layer must not import the screens' one, and no other command should pay for Textual.
    early = importlib.import_module("screens.early").begin(database, login)
    status: int = importlib.import_module("screens.app").run(database, login, early)
    return status
