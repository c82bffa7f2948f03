"""Who a public key is: agents' keys, and the one line with which sshd lets a key in as its agent and as nothing else.

The line pins what is run and who it is. What the client asked to run, its environment and its forwards do not count: `restrict`
refuses the latter, and the command takes no argument of the client's.
"""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data.tables.core import record
from data.tables.people import agent
from deskterm.errors import InvalidInput

TYPES = re.compile(r"(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)")
"""Types of key that OpenSSH still takes; DSA is not among them."""
_LOGIN = re.compile(r"[\w][\w.@+-]{0,79}", re.ASCII)
"""Logins that may stand in a command line; others work on the desk, but not through a key."""

ENVIRONMENT = "DESKTERM_FIXED_AGENT"
"""Tells the program whom sshd let in."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: its type and its blob, in base64."""

    type: str
    blob: str


def read_key(type_: str, blob: str) -> PublicKey:
    """Check and return a public key.

    Raises:
        InvalidInput: it is none; a private key is never quoted.
    """
    if not TYPES.fullmatch(type_):
        raise _refusal("that is no public key: it begins with ssh-ed25519 or another type of key")
    try:
        raw = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError):
        raise _refusal("that is no public key: its second word is not base64") from None
    named = type_.encode()
    if raw[:4] != len(named).to_bytes(4, "big") or raw[4 : 4 + len(named)] != named:
        raise _refusal("that public key is damaged: it does not hold what its first word says")
    return PublicKey(type_, blob)


def _refusal(message: str) -> InvalidInput:
    return InvalidInput(message, fields={"ssh_keys": "not a public key"})


def read_keys(text: str) -> frozenset[PublicKey]:
    """Return the keys of a text, one a line as in `id_ed25519.pub`; empty lines and comments are passed over.

    Raises:
        InvalidInput: a line is no public key.
    """
    found = set()
    for line in text.splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            if len(words) < 2:
                raise _refusal("a public key is two words, its type and itself, as in id_ed25519.pub")
            found.add(read_key(words[0], words[1]))
    return frozenset(found)


def keys_of_agents(connection: Connection, *, besides: int = 0) -> Iterator[tuple[str, frozenset[PublicKey]]]:
    """Yield login and keys of every active agent that has any.

    Args:
        besides: the row id of an agent to leave out.
    """
    statement = (
        select(record.c.title, agent.c.ssh_keys)
        .join(agent, agent.c.id == record.c.id)
        .where(agent.c.ssh_keys.is_not(None), agent.c.active, record.c.state == "active", record.c.id != besides)
        .order_by(record.c.id)
    )
    for row in connection.execute(statement):
        yield row.title, read_keys(row.ssh_keys)


def agent_of(connection: Connection, account: str, key: PublicKey) -> str | None:
    """Return the login of the active agent whose key this is, None if it is nobody's.

    Args:
        account: the account that is logged in to. Where an agent has that very login, only their own keys open it.
    """
    agents = list(keys_of_agents(connection))
    statement = select(record.c.id).where(record.c.kind == "agent", record.c.title == account)
    is_personal = connection.execute(statement).first() is not None
    return next((login for login, keys in agents if key in keys and (not is_personal or login == account)), None)


def line(login: str, key: PublicKey, program: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """Return the line of an `authorized_keys` file; None for a login that has no place in a command line.

    Args:
        program: what is run, as words.
        environment: what the program finds in its environment besides who it is.
    """
    if not _LOGIN.fullmatch(login):
        return None
    settings = [f"{name}={value}" for name, value in {**environment, ENVIRONMENT: login}.items()]
    # Within the quotation marks sshd takes a backslash off a quotation mark, and off nothing else.
    command = shlex.join(["/usr/bin/env", *settings, *program]).replace('"', '"')
    return f'restrict,pty,command="{command}" {key.type} {key.blob}'
