"""Public keys: whose they are, and a line for sshd that nobody can talk out of what it says."""

from __future__ import annotations

import base64
import shlex
from pathlib import Path

import pytest

from deskterm.errors import InvalidInput
from deskterm.service_desk.ssh_keys import PublicKey, agent_of, line, read_keys
from tests.desks import cast_on, sqlite_file


def public(type_: str = "ssh-ed25519", salt: bytes = b"1") -> PublicKey:
    named = type_.encode()
    return PublicKey(type_, base64.b64encode(len(named).to_bytes(4, "big") + named + salt * 32).decode())


def text(key: PublicKey, comment: str = "somebody@somewhere") -> str:
    return f"{key.type} {key.blob} {comment}"


def test_a_file_of_keys_is_read_line_by_line() -> None:
    one, two = public(salt=b"1"), public("sk-ssh-ed25519@openssh.com", b"2")
    assert read_keys(f"# mine\n{text(one)}\n\n  {text(two, '')}\n") == {one, two}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("ssh-ed25519", "two words"),
        ("ssh-dss AAAA", "begins with ssh-ed25519"),
        ("ssh-ed25519 ???", "not base64"),
        (f"ssh-rsa {public().blob}", "damaged"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "begins with"),
        (f'command="sh" {text(public())}', "begins with"),
    ],
)
def test_what_is_no_public_key_is_refused_without_quoting_it(given: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        read_keys(given)
    assert given.split()[-1] not in refused.value.message


def test_a_key_opens_the_desk_as_the_active_agent_it_belongs_to(tmp_path: Path) -> None:
    bobs, eves = public(salt=b"b"), public(salt=b"e")
    with cast_on(sqlite_file(tmp_path), agreements=False) as cast:
        numbers = {row.title: row.number for row in cast.ada.page(cast.ada.prepare(["agent"], "")).rows}
        cast.ada.edit(numbers["bob"], {"ssh_keys": text(bobs)})
        cast.ada.edit(numbers["eve"], {"ssh_keys": text(eves)})
        with pytest.raises(InvalidInput, match="opens the desk as bob already"):
            cast.ada.edit(numbers["eve"], {"ssh_keys": f"{text(eves)}\n{text(bobs, 'again')}"})
        with cast.database.read() as connection:
            assert agent_of(connection, "desk", bobs) == "bob"
            assert agent_of(connection, "bob", bobs) == "bob"
            assert agent_of(connection, "eve", bobs) is None, "an account of one's own is opened by one's own keys"
            assert agent_of(connection, "desk", public(salt=b"x")) is None
        cast.ada.edit(numbers["bob"], {"active": False})
        with cast.database.read() as connection:
            assert agent_of(connection, "desk", bobs) is None


def test_the_line_runs_one_program_as_one_agent() -> None:
    key = public()
    found = line("bob", key, ['/opt/it\'s "here"/deskterm'], {"DESKTERM_DATABASE": "postgresql:///desk"})
    assert found is not None
    options, type_, blob = found.rsplit(" ", 2)
    assert (type_, blob) == (key.type, key.blob)
    assert options.startswith('restrict,pty,command="/usr/bin/env ')
    command = options.removeprefix('restrict,pty,command="').removesuffix('"').replace('\\"', '"')
    assert shlex.split(command) == [
        "/usr/bin/env", "DESKTERM_DATABASE=postgresql:///desk", "DESKTERM_FIXED_AGENT=bob", "/opt/it's \"here\"/deskterm",
    ]  # fmt: skip


@pytest.mark.parametrize("login", ["a b", "x;reboot", "$(id)", 'a"b', "a\nb", "-x", "", "ünal", "x" * 81])
def test_a_login_that_has_no_place_in_a_command_opens_nothing(login: str) -> None:
    assert line(login, public(), ["deskterm"], {}) is None
