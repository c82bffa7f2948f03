"""The front of the command line: who one is, how it ends, what is said when something goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deskterm.cli.command import Command, commands
from deskterm.cli.main import main
from tests.cli.shell import Shell

ROOT = Path(__file__).parents[2]


def run(*words: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a process of its own."""
    settings = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-m", "deskterm", *words], cwd=ROOT, input=stdin, env=settings, capture_output=True, check=False
    )


def test_a_desk_is_made_once(shell: Shell) -> None:
    assert "is ready" in shell.ok("init", "--admin", "ada")
    assert shell.read("init") == {"database": shell.database, "changed": False}
    assert [item["roles"] for item in shell.read("list", "agent")["items"]] == [["administrator"]]


def test_without_a_place_the_desk_is_in_the_data_folder(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKTERM_DATABASE")
    place = tmp_path / "xdg_data_home" / "deskterm" / "desk.db"
    assert str(place) in shell.refused("list", "incident", status=3)
    shell.ok("init")
    assert place.exists()
    assert shell.ok("new", "organisation", "name=Acme") == "ORG-00001"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "there is no desk at"),
        (lambda path: path.write_text("not a database at all, but text " * 9), "is not a database"),
        (lambda path: path.mkdir(), "cannot be opened"),
        (lambda path: path.touch(), "holds no desk yet"),
    ],
)
def test_where_there_is_no_desk_the_status_is_3(shell: Shell, tmp_path: Path, make: object, said: str) -> None:
    assert callable(make)
    make(Path(shell.database))
    assert said in shell.refused("list", "incident", status=3)
    done = shell("--json", "show", "INC-00001")
    assert (done.status, done.json["error"]["fields"]) == (3, {})


def test_a_database_that_cannot_be_reached_is_3_and_shows_no_password(shell: Shell) -> None:
    place = "postgresql://desk:geheim@127.0.0.1:1/desk"
    done = shell("--database", place, "list", "incident")
    assert done.status == 3
    assert "geheim" not in done.err
    assert "mysql" in shell.refused("--database", "mysql://x/y", "list", "incident", status=3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nwe",), "did you mean new?"),
        (("zzzzzz",), "see: deskterm --help"),
        (("--frobnicate", "list"), "--frobnicate"),
        (("--at", "soon", "list", "incident"), "--at: 'soon' is not an instant"),
        (("list", "incident", "--json"), "--json stands before the command"),
        (("show",), "NUMBER"),
        (("jobs", "walk"), "write: deskterm jobs"),
        (("edit", "INC-1"), "say what to change"),
        (("do", "INC-1"), "name a record and an action"),
        (("calc", "magic"), "there is no calc function"),
        ((), "needs a terminal"),
        (("--database",), "expected one argument"),
    ],
)
def test_what_is_not_understood_is_2(desk: Shell, words: tuple[str, ...], said: str) -> None:
    assert said in desk.refused(*words, status=2)


def test_with_json_a_refusal_is_told_on_both_streams(desk: Shell) -> None:
    done = desk("--json", "show", "INC-99999")
    assert done.status == 1
    assert done.json == {"error": {"code": "not-found", "message": "there is no record 'INC-99999'", "fields": {}}}
    assert done.err == "error: there is no record 'INC-99999'\n"
    assert desk("--json", "list").json["error"]["code"] == "usage"


def test_who_one_is_comes_from_the_option_or_the_environment(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.ok("--as", "bob", "new", "incident", "summary=x")
    assert desk.read("show", number)["journal"][0]["actor"] == "bob"
    assert "nobody with the login 'mallory'" in desk.refused("--as", "mallory", "list", "incident")
    monkeypatch.delenv("DESKTERM_AGENT")
    monkeypatch.setenv("LOGNAME", "eve")
    assert desk.read("show", desk.ok("new", "incident", "summary=y"))["journal"][0]["actor"] == "eve"


def test_where_ssh_fixed_the_identity_nobody_is_anybody_else(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTERM_FIXED_AGENT", "bob")
    monkeypatch.setenv("DESKTERM_AGENT", "ada")
    number = desk.ok("new", "incident", "summary=x")
    assert desk.read("show", number)["journal"][0]["actor"] == "bob"
    assert "--as is refused: this connection belongs to bob" in desk.refused("--as", "ada", "list", "incident")


def test_backfill_needs_its_right_and_is_journalled_beside_the_real_time(desk: Shell) -> None:
    at = ("--at", "2026-11-02T10:00:00Z")
    number = desk.ok("--as", "sue", *at, "new", "incident", "summary=x")
    entry = desk.read("show", number)["journal"][0]
    assert entry["at"] == "2026-11-02T10:00:00Z"
    assert entry["recorded_at"] > entry["at"]
    for words in (("new", "incident", "summary=y"), ("edit", number, "urgency=1"), ("edit", number, number.lower(), "urgency=1")):
        assert "may not backdate" in desk.refused("--as", "bob", *at, *words)
    refusals = [e["actor"] for e in desk.read("show", number)["journal"] if e["what"] == "refused"]
    assert refusals == ["bob", "bob"], "once for each act, however often it names the record"
    assert "lies in the future" in desk.refused("--at", "2199-01-01", "new", "incident", "summary=z")


def test_an_unforeseen_error_has_an_id_and_tells_no_secret(desk: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(context: object, args: object) -> None:
        secret = "geheim"
        raise RuntimeError(f"the password is {secret}")

    monkeypatch.setattr("deskterm.cli.main.commands", lambda: {"break": Command("break", broken, "break")})
    done = desk("--json", "break")
    assert done.status == 1
    assert done.json["error"]["code"] == "internal"
    assert "Traceback" not in done.err
    log = tmp_path / "xdg_state_home" / "deskterm" / "errors.log"
    written = log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0
    error_id = done.err.split("with id ")[1].split(",")[0]
    assert error_id in written
    assert "builtins.RuntimeError" in written
    assert "in broken" in written
    assert "geheim" not in written + done.err + done.out


def test_an_interrupt_is_quiet(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(context: object, args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("deskterm.cli.main.commands", lambda: {"wait": Command("wait", interrupted, "wait")})
    done = desk("wait")
    assert (done.status, done.out, done.err) == (130, "", "")


def test_a_reader_that_goes_away_is_no_error(desk: Shell) -> None:
    for words in ("list organisation", "--json list organisation", "export organisation --format csv", "--help"):
        script = f"{sys.executable} -m deskterm {words} | true; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == ("141\n", ""), words


def test_a_command_never_imports_textual_and_help_imports_no_database(desk: Shell) -> None:
    desk.ok("new", "incident", "summary=x")
    script = "import sys; from deskterm.cli.main import main; status = main(sys.argv[1:]); "
    for words, strangers in (
        (["list", "incident"], {"textual", "rich"}),
        (["--json", "show", "INC-00001"], {"textual", "rich"}),
        (["report", "incidents"], {"textual", "rich"}),
        (["--help"], {"textual", "rich", "sqlalchemy", "pydantic", "platformdirs"}),
        (["edit", "--help"], {"textual", "rich", "sqlalchemy", "pydantic", "platformdirs"}),
        (["calc"], {"textual", "rich", "sqlalchemy"}),
        (["frobnicate"], {"textual", "rich", "sqlalchemy", "pydantic"}),
    ):
        check = f"{script}print('found', sorted({strangers!r} & set(sys.modules)), file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", check, *words], cwd=ROOT, capture_output=True, text=True, check=False)
        assert "found []" in done.stderr, (words, done.stderr)


def test_the_program_ends_with_the_status_and_speaks_utf8(desk: Shell) -> None:
    made = run("new", "incident", "summary=-", stdin="Grüße aus Köln".encode())
    assert (made.returncode, made.stdout) == (0, b"INC-00001\n")
    assert json.loads(run("--json", "show", "INC-00001").stdout)["summary"] == "Grüße aus Köln"
    refused = run("show", "INC-2")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr == b"error: there is no record 'INC-2'\n"
    assert run("list").returncode == 2
    ascii_only = run("list", "incident", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert ascii_only.returncode == 0
    assert rb"Gr\xfc\xdfe" in ascii_only.stdout


def test_every_command_has_a_help_that_names_its_arguments(shell: Shell) -> None:
    assert all(name in shell.ok("--help") for name in commands())
    for name, command in commands().items():
        shown = shell.ok(name, "--help")
        assert shown.startswith(f"usage: deskterm {name}")
        assert all(argument.names[-1] in shown for argument in command.arguments if argument.is_option)


def test_the_version_is_said(shell: Shell) -> None:
    assert shell.ok("--version").startswith("deskterm ")
    assert main(["--version"]) == 0
