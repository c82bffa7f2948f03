"""Faults 2 and 29 through a real sshd: a cut connection keeps what was typed; a key lets in as oneself or not at all."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.desks import Cast
from tests.faults.real_console import CTRL_S, Homes, desk_of_now, go_on, opened, write_reply
from tests.processes import eventually
from tests.sshd import sshd


def hand_key(cast: Cast, login: str, key: str) -> str:
    """Let a key open the desk as an agent; return the agent's number."""
    number = next(row.number for row in cast.ada.page(cast.ada.prepare(["agent"], "")).rows if row.title == login)
    cast.ada.edit(number, {"ssh_keys": key})
    return number


def consoles_of(folder: Path) -> list[int]:
    """Processes that were told to keep what is theirs in a folder: consoles that sshd started, whoever their parent is by now."""
    wanted = f"HOME={folder / 'home'}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told, command = (process / "environ").read_bytes().split(b"\0"), (process / "cmdline").read_bytes()
        except OSError:
            continue  # gone meanwhile, or somebody else's
        if wanted in told and b"deskterm" in command:
            found.append(int(process.name))
    return found


def test_a_cut_connection_keeps_what_was_typed_and_ends_the_console(tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast, sshd(tmp_path / "ssh", str(cast.database.path), homes.environ) as server:
        hand_key(cast, "bob", server.key("bobs"))
        number = cast.incident(assignee="bob", team="network")
        with server.terminal("bobs") as client:
            write_reply(opened(client, number), "Dear Maria, we looked into it")
            assert consoles_of(tmp_path)
            client.kill(signal.SIGKILL)  # the client is gone without a word, as a laptop is that is closed
            client.wait()
        eventually(lambda: not consoles_of(tmp_path), what="the console to end")
        [draft] = homes.drafts()
        assert draft["content"]["text"] == "Dear Maria, we looked into it"
        with server.terminal("bobs") as client:
            go_on(client)
            client.send("r")
            client.wait_text("Dear Maria, we looked into it")
            client.settle()
            client.send(CTRL_S)
            eventually(lambda: client.pump() >= 0 and homes.drafts() == [], what="the draft to be done with")
        assert [line.text for line in cast.ada.show(number).journal if line.text] == ["Dear Maria, we looked into it"]


def test_a_key_opens_the_console_as_its_agent_whatever_is_asked_for(tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast, sshd(tmp_path / "ssh", str(cast.database.path), homes.environ) as server:
        hand_key(cast, "bob", server.key("bobs"))
        number = cast.incident(assignee="bob", team="network")
        with server.terminal("bobs", "sh", "-c", "id; cat /etc/passwd") as client:
            opened(client, number)
            assert "bob" in client.lines[0]
            assert "root:" not in client.text
            assert "uid=" not in client.text


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ((), ("id",)),
        (("-L", "127.0.0.1:0:127.0.0.1:22"), ("true",)),
        (("-s",), ("sftp",)),
        (("-o", "SetEnv=DESKTERM_FIXED_AGENT=ada"), ("--as", "ada", "list", "incident")),
    ],
    ids=["a command", "a forward", "a file", "another identity"],
)
def test_without_a_terminal_a_key_opens_nothing(tmp_path: Path, options: tuple[str, ...], asked: tuple[str, ...]) -> None:
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast, sshd(tmp_path / "ssh", str(cast.database.path), homes.environ) as server:
        hand_key(cast, "bob", server.key("bobs"))
        cast.incident(summary="Nobody reads this")
        answer = server.without_terminal("bobs", *options, asked=asked)
        assert answer.returncode != 0
        assert "uid=" not in answer.stdout
        assert "Nobody reads this" not in answer.stdout + answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_wrong_key_and_that_of_a_person_who_left_open_nothing(tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    with desk_of_now(tmp_path) as cast, sshd(tmp_path / "ssh", str(cast.database.path), homes.environ) as server:
        server.key("strangers")
        cast.ada.edit(hand_key(cast, "bob", server.key("bobs")), {"active": False})
        for key in ("strangers", "bobs"):
            answer = server.without_terminal(key)
            assert answer.returncode == 255
            assert "Permission denied (publickey)" in answer.stderr
