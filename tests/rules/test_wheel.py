"""The wheel is folded: one top-level name, every file aboard, and it runs where nothing else of ours is installed.

Built offline from a copy of the sources, directly and through an sdist (docs/decisions/0001-folded-wheel.md).
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pathspec
import pytest

ROOT = Path(__file__).parents[2]
FOLDED = ("data", "screens", "widgets")
PACKAGES = ("deskterm", *FOLDED)
BUILD_FILES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", ".gitignore")


def _files(root: Path) -> Iterator[PurePosixPath]:
    """Every file of the four packages, named from the root; what the interpreter leaves behind is not ours."""
    for package in PACKAGES:
        for path in (root / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield PurePosixPath(path.relative_to(root).as_posix())


def _folded(name: PurePosixPath) -> str:
    return f"deskterm/_bundle/{name}" if name.parts[0] in FOLDED else str(name)


def _run(*command: str | Path, cwd: Path) -> str:
    """Run a program in an environment that knows nothing of this checkout; its output is part of a failure."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a build reads, so that a file saved meanwhile cannot make the comparison lie."""
    root = tmp_path_factory.mktemp("sources")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BUILD_FILES:
        shutil.copy(ROOT / name, root)
    return root


@pytest.fixture(scope="module", params=["directly", "through an sdist"])
def wheel(request: pytest.FixtureRequest, sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network by the back end that is installed here."""
    out = tmp_path_factory.mktemp("dist")
    only = ["--wheel"] if request.param == "directly" else []
    _run(sys.executable, "-m", "build", "--no-isolation", *only, "--outdir", out, sources, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_top_level_is_deskterm_and_its_metadata(names: list[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert len(tops) == 2
    assert "deskterm" in tops
    assert any(top.startswith("deskterm-") and top.endswith(".dist-info") for top in tops)


def test_every_file_of_the_four_packages_is_aboard_and_nothing_else(names: list[str], sources: Path) -> None:
    aboard = {name for name in names if ".dist-info/" not in name}
    assert aboard == {_folded(name) for name in _files(sources)}


def test_the_licence_and_the_script_are_in_the_metadata(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        by_name = {name.split(".dist-info/")[-1]: archive.read(name).decode() for name in archive.namelist()}
    assert "The DeskTerm authors" in by_name["licenses/LICENSE"]
    assert "deskterm = deskterm.launch:main" in by_name["entry_points.txt"]


def test_it_runs_from_a_fresh_place_even_beside_a_folder_called_data(wheel: Path, tmp_path: Path) -> None:
    """`--target` into an empty folder; `-S` and `-I` keep the editable install of this checkout out of sight."""
    target, beside = tmp_path / "target", tmp_path / "beside"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index"]
    _run(*pip, "--target", target, wheel, cwd=tmp_path)
    (beside / "data").mkdir(parents=True)
    (beside / "data" / "__init__.py").write_text("raise ImportError('a stranger')\n", encoding="utf-8")
    script = (
        f"import sys; sys.path[:0] = [{str(beside)!r}, {str(target)!r}]\n"
        "import deskterm.launch, deskterm.errors, data, screens, widgets\n"
        "print(*(module.__file__ for module in (deskterm, data, screens, widgets)), sep='\\n')"
    )
    found = _run(sys.executable, "-I", "-S", "-c", script, cwd=beside).splitlines()
    assert found == [str(target / _folded(PurePosixPath(package, "__init__.py"))) for package in PACKAGES]


def test_the_front_door_imports_nothing_heavy() -> None:
    heavy = ("textual", "rich", "sqlalchemy", "alembic", "pydantic", "apscheduler", "psycopg", "asyncio", "sqlite3")
    script = f"import deskterm.launch, sys; print(*sorted(set(sys.modules) & set({heavy!r})))"
    assert _run(sys.executable, "-c", script, cwd=ROOT) == ""


def test_no_installed_distribution_owns_one_of_our_generic_names() -> None:
    """An editable install would lose against it, silently: the path of this checkout comes last."""
    owners = importlib.metadata.packages_distributions()
    assert {name: owners[name] for name in FOLDED if name in owners} == {}


def test_gitignore_matches_none_of_our_files() -> None:
    """What git ignores, hatchling leaves out of the wheel: an unanchored `data/` would empty it without a word."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = pathspec.GitIgnoreSpec.from_lines(lines)
    assert list(ignored.match_files(str(name) for name in _files(ROOT))) == []
