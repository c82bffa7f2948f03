"""A real sshd on loopback that lets in whoever the desk says, set up as docs/operations.md tells."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import ROOT, eventually
from tests.pty_harness import PtyApp

SHARED_ACCOUNT = "desk"
"""The account whose keys the desk is asked for: nobody's login."""


def sshd_program() -> str:
    """Return where sshd is. The gate installs it; elsewhere the tests that need it say that they did not run.

    Raises:
        AssertionError: it is not there, and this is the gate.
    """
    program = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        assert not os.environ.get("CI"), "the gate installs openssh-server"
        pytest.skip("needs sshd; install openssh-server to run it")
    return program


class Sshd:
    """A running sshd: what it listens on, and the clients that call it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    def key(self, name: str) -> str:
        """Make a key pair; return the public half."""
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(self.folder / name)], check=True)
        return (self.folder / f"{name}.pub").read_text()

    def command(self, key: str, *options: str, asked: tuple[str, ...] = ()) -> list[str]:
        """Return the command line of a client with a key."""
        settings = {
            "UserKnownHostsFile": str(self.folder / "known_hosts"),
            "StrictHostKeyChecking": "accept-new",
            "IdentitiesOnly": "yes",
            "PreferredAuthentications": "publickey",
            "ExitOnForwardFailure": "yes",
            "LogLevel": "ERROR",
        }
        given = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        where = ["-p", str(self.port), "-i", str(self.folder / key), *options, f"{getpass.getuser()}@127.0.0.1"]
        return ["ssh", "-F", "none", *given, *where, *asked]

    def terminal(self, key: str, *asked: str, rows: int = 30, columns: int = 110) -> PtyApp:
        """Call it from a terminal."""
        return PtyApp(self.command(key, "-tt", asked=asked), rows=rows, columns=columns, environ={"SSH_AUTH_SOCK": ""})

    def without_terminal(self, key: str, *options: str, asked: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Call it from a script."""
        command = self.command(key, *options, asked=asked)
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def sshd(folder: Path, database: str, environ: dict[str, str]) -> Iterator[Sshd]:
    """Run an sshd that asks a desk whose a key is.

    Args:
        folder: where its files go.
        database: the desk.
        environ: what a console finds in its environment.
    """
    program = sshd_program()
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = Sshd(folder, port)
    server.key("host")
    desk = f"/usr/bin/env PYTHONPATH={ROOT} {sys.executable} -m deskterm --database {database}"
    told = {"PYTHONPATH": str(ROOT), "DESKTERM_DATABASE": database, "COLORTERM": "truecolor", **environ}
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nPidFile none\nUsePAM no\nStrictModes no\n"
        "AuthenticationMethods publickey\nAuthorizedKeysFile none\nPermitRootLogin prohibit-password\n"
        "PrintMotd no\nPrintLastLog no\n"
        f"AuthorizedKeysCommand {desk} authorized-keys {SHARED_ACCOUNT} %t %k\nAuthorizedKeysCommandUser {getpass.getuser()}\n"
        f"SetEnv {' '.join(f'{name}={value}' for name, value in told.items() if value)}\n"
        "DisableForwarding yes\nPermitTunnel no\nPermitUserRC no\nPermitTTY yes\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it locks itself in; an init script makes it elsewhere
    log = (folder / "sshd.log").open("w")
    daemon = subprocess.Popen([program, "-D", "-e", "-f", str(folder / "sshd_config")], stdin=subprocess.DEVNULL, stderr=log)
    try:
        eventually(lambda: _listens(port) or daemon.poll() is not None, what="sshd to listen")
        assert daemon.poll() is None, (folder / "sshd.log").read_text()
        yield server
    finally:
        daemon.terminate()
        daemon.wait()
        log.close()


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
