"""The layers hold: the contracts in pyproject.toml are kept, each of them bites, and the desk runs without Textual."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Check the packages below `root` against the contracts of the pyproject.toml beside them."""
    return subprocess.run([sys.executable, "-c", LINTER, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)


def test_every_contract_is_kept() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The four packages as empty shells with one process in them, under the real contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("data", "data/queries", "data/tables", "deskterm", "deskterm/incident", "screens", "widgets"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for module in ("schema", "rules", "service"):
        (tmp_path / "deskterm" / "incident" / f"{module}.py").touch()
    return tmp_path


ALLOWED = [
    ("screens/queue.py", "import textual, widgets, deskterm.incident.service"),
    ("widgets/clock.py", "import textual\nfrom deskterm.incident.schema import __doc__"),
    ("deskterm/incident/service.py", "import sqlalchemy, data.tables"),
    ("data/engine.py", "import sqlalchemy, sqlite3"),
]
FORBIDDEN = [
    ("data/engine.py", "import deskterm"),
    ("deskterm/incident/service.py", "import screens"),
    ("widgets/clock.py", "import screens"),
    ("data/engine.py", "import rich.console"),
    ("deskterm/incident/service.py", "def show() -> None:\n    from textual.app import App"),
    ("screens/queue.py", "import data"),
    ("screens/queue.py", "from data.tables import __doc__"),
    ("widgets/clock.py", "import sqlalchemy"),
    ("widgets/clock.py", "from deskterm.incident import service"),
    ("widgets/clock.py", "import deskterm"),
    ("deskterm/incident/rules.py", "import sqlalchemy"),
    ("deskterm/incident/rules.py", "import deskterm.incident.service"),
]


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_what_the_layers_allow_passes(house: Path, path: str, source: str) -> None:
    (house / path).write_text(source, encoding="utf-8")
    done = _lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("path", "source"), FORBIDDEN)
def test_what_they_forbid_is_found(house: Path, path: str, source: str) -> None:
    (house / path).write_text(source, encoding="utf-8")
    done = _lint(house)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def _modules(*packages: str) -> Iterator[str]:
    """Name every module of the packages that may be imported by itself: no migrations, no `__main__`."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts and parts[-1] != "__main__":
                yield ".".join(parts).removesuffix(".__init__")


@pytest.mark.parametrize("package", ["data", "deskterm"])
def test_the_desk_runs_where_textual_is_not_imported(package: str) -> None:
    """Every module, the command line among them: what no contract sees is an import by name or by a third party."""
    script = f"import importlib, sys\nfor name in {list(_modules(package))!r}: importlib.import_module(name)\n"
    script += "print(*sorted({'textual', 'rich.console'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
