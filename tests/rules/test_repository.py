"""House rules that no linter knows: locks without addresses, no path of a machine, one reader of the clock, no markup.

Rules about code are functions over a syntax tree, each tried on examples first and then on every module of ours.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pathspec
import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGES = ("deskterm", "screens", "widgets", "data")
LOCKS = ("requirements.lock", "requirements-dev.lock")
TEXT = {".py", ".tcss", ".toml", ".md", ".lock", ".cfg", ".ini", ".yml", ".yaml", ".mako", ""}
LONGEST = 400
LONG_FILES: dict[str, str] = {}
"""Path of a source file of more than `LONGEST` lines, to why it is one subject all the same."""


def _texts() -> dict[str, str]:
    """Every text that git would keep, by its path from the root; found without git."""
    ignored = pathspec.GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())
    found: dict[str, str] = {}
    for top in ROOT.iterdir():
        if top.name == ".git" or (top / "pyvenv.cfg").exists():
            continue
        for path in [top] if top.is_file() else top.rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in TEXT and path.is_file() and not ignored.match_file(name):
                found[name] = path.read_text(encoding="utf-8", errors="replace")
    return found


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return _texts()


@pytest.fixture(scope="module")
def sources(texts: dict[str, str]) -> dict[str, str]:
    """The modules of the four packages; a migration is history, written once and never tidied."""
    ours = {name: text for name, text in texts.items() if name.endswith(".py") and name.split("/")[0] in PACKAGES}
    return {name: text for name, text in ours.items() if not name.startswith("data/migrations/versions/")}


def _pins(lock: str) -> dict[str, str]:
    """Read a lock as name to version, insisting on the form of each entry."""
    entries = lock.replace("\\\n", " ").splitlines()
    form = re.compile(r"([a-z0-9-]+)==(\S+)(?: ; [^#]+?)?(?:\s+--hash=sha256:[0-9a-f]{64})+\s*")
    matches = [(entry, form.fullmatch(entry)) for entry in entries]
    assert [entry for entry, match in matches if match is None] == []
    return {match[1]: match[2] for _, match in matches if match}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_says_nothing_else(texts: dict[str, str], lock: str) -> None:
    assert len(_pins(texts[lock])) > 20


def test_the_locks_agree_and_satisfy_the_project_file(texts: dict[str, str]) -> None:
    runtime, development = (_pins(texts[lock]) for lock in LOCKS)
    assert runtime.items() <= development.items()
    project = tomllib.loads(texts["pyproject.toml"])
    extras = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]
    for pins, wanted in (
        (runtime, [*project["project"]["dependencies"], *extras["postgresql"], *groups["build"]]),
        (development, extras["dev"]),
    ):
        for requirement in map(Requirement, wanted):
            if requirement.name != "deskterm":
                assert requirement.specifier.contains(pins[requirement.name.lower()]), str(requirement)


def test_what_installs_names_no_address(texts: dict[str, str]) -> None:
    """Where packages come from is the business of whoever installs; what they must be is ours, by hash."""
    assert [name for name in (*LOCKS, "Makefile", ".ci/run") if "://" in texts[name]] == []


def test_no_text_names_a_path_of_the_machine_it_was_written_on(texts: dict[str, str]) -> None:
    checkout = re.compile(re.escape(str(ROOT)) + r"\b") if len(ROOT.parts) > 2 else None
    somebodys_home = re.compile(r"(?<![\w.~])/(?:home/\w+|Users/\w+|root)/")
    for name, text in texts.items():
        assert not (checkout and checkout.search(text)), name
        if not name.startswith("tests/"):  # hostile attachments are called such things
            assert not somebodys_home.search(text), name


def test_no_source_file_is_longer_than_one_subject_needs(texts: dict[str, str], sources: dict[str, str]) -> None:
    styles = {name: text for name, text in texts.items() if name.endswith(".tcss")}
    long = {name for name, text in (sources | styles).items() if len(text.splitlines()) > LONGEST}
    assert long == LONG_FILES.keys()


# --- rules about code: each yields the line and what is wrong there ---------------------------------------------

Finding = tuple[int, str]
Rule = Callable[[ast.Module, list[str]], Iterator[Finding]]

NOW = {
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("sqlalchemy.func.now", "sqlalchemy.func.current_timestamp", "sqlalchemy.func.localtimestamp"),
}
PARSES_MARKUP = {"Static", "Label", "Button", "Option", "Checkbox", "RadioButton", "TabPane", "Collapsible", "update"}
"""Calls whose first argument Textual parses as markup if it is a `str`."""
MARKUP_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}
TAKES_ONLY_TEXT = {"notify", "from_markup"}
"""Calls that take no `Content`, so that here a variable is as bad as a formatted string."""


def _imported(tree: ast.Module) -> dict[str, str]:
    """Map each name that an import binds to what it stands for."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def _dotted(node: ast.expr, imported: dict[str, str]) -> str:
    """Spell out `dt.datetime.now` as what it means after `import datetime as dt`; empty if it is not a plain name."""
    if isinstance(node, ast.Name):
        return imported.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, imported)
        return f"{base}.{node.attr}" if base else ""
    return ""


def reads_the_clock(tree: ast.Module, lines: list[str]) -> Iterator[Finding]:
    """Only `deskterm.clock` asks what time it is; `time.monotonic` measures how long, which is another question."""
    imported = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := _dotted(node, imported)) in NOW:
            yield node.lineno, f"{name}: take a Clock instead"


def catches_everything(tree: ast.Module, lines: list[str]) -> Iterator[Finding]:
    """A broad `except` raises again as its last act, or bears `# broad: <reason>` on its line."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        broad = any(kind is None or ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds)
        last = node.body[-1]
        again = isinstance(last, ast.Raise) and last.exc is None
        if broad and not again and not re.search(r"# broad: \w+( \S+){2,}", lines[node.lineno - 1]):
            yield node.lineno, "broad except without '# broad: <reason>'"


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_literal(node.body) and _is_literal(node.orelse)
    return isinstance(node, ast.Constant)


def _is_built_text(node: ast.expr) -> bool:
    """Whether this is certainly a `str` with something in it that the author of the code did not write."""
    match node:
        case ast.JoinedStr(values=parts):
            return any(isinstance(part, ast.FormattedValue) for part in parts)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return any(_is_built_text(side) or _is_text(side) for side in (left, right))
        case ast.IfExp(body=body, orelse=orelse):
            return _is_built_text(body) or _is_built_text(orelse)
        case ast.Call(func=ast.Name(id="str" | "repr" | "ascii" | "format")):
            return True
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join")):
            return _is_text(value)
        case _:
            return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def parses_foreign_markup(tree: ast.Module, lines: list[str]) -> Iterator[Finding]:
    """What the author did not write reaches the screen as `Content(...)`, or with `markup=False`, never parsed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            named = any(isinstance(to, ast.Attribute) and to.attr in MARKUP_ATTRIBUTES for to in node.targets)
            if named and _is_built_text(node.value):
                yield node.lineno, "built text in an attribute that parses markup: wrap it in Content"
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        off = any(word.arg == "markup" and ast.unparse(word.value) == "False" for word in node.keywords)
        first = node.args[0] if node.args else None
        if first is None or off:
            continue
        if name in TAKES_ONLY_TEXT and not _is_literal(first):
            yield node.lineno, f"{name} with a text that is not a literal: pass markup=False, or $variables"
        elif name in PARSES_MARKUP and _is_built_text(first):
            yield node.lineno, f"{name} parses built text as markup: wrap it in Content"


def hands_over_a_coroutine(tree: ast.Module, lines: list[str]) -> Iterator[Finding]:
    """A worker is handed a function: a coroutine that is dropped before its turn was never awaited."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        work = {"run_worker": node.args[:1], "begin_work": node.args[1:2], "replace_work": node.args[1:2]}.get(name, [])
        if any(isinstance(one, ast.Call) and ast.unparse(one.func) != "partial" for one in work):
            yield node.lineno, f"{name} with a coroutine: pass a function, or partial of one"


def _broken(rule: Rule, source: str) -> list[Finding]:
    return sorted(rule(ast.parse(source), source.splitlines()))


EXAMPLES: list[tuple[Rule, str, bool]] = [
    (reads_the_clock, "import time\ntime.time()", False),
    (reads_the_clock, "from time import time_ns as tick\ntick()", False),
    (reads_the_clock, "import datetime as dt\ndt.datetime.now(dt.UTC)", False),
    (reads_the_clock, "from datetime import date\nfield(default_factory=date.today)", False),
    (reads_the_clock, "from sqlalchemy import func\nselect(func.now())", False),
    (reads_the_clock, "import time\ntime.monotonic()", True),
    (reads_the_clock, "self.clock.now()\nclock.now()", True),
    (catches_everything, "try: pass\nexcept: pass", False),
    (catches_everything, "try: pass\nexcept Exception: log()", False),
    (catches_everything, "try: pass\nexcept (OSError, BaseException) as e: log(e)", False),
    (catches_everything, "try: pass\nexcept Exception:  # broad: because\n    log()", False),
    (catches_everything, "try: pass\nexcept Exception:  # broad: a poisoned record is set apart\n    log()", True),
    (catches_everything, "try: pass\nexcept BaseException:\n    undo()\n    raise", True),
    (catches_everything, "try: pass\nexcept OSError: log()", True),
    (parses_foreign_markup, "Static(f'{ticket.summary}')", False),
    (parses_foreign_markup, "self.label.update('ticket ' + summary)", False),
    (parses_foreign_markup, "Label('%s' % summary)", False),
    (parses_foreign_markup, "Button(', '.join(names))", False),
    (parses_foreign_markup, "self.notify(str(error))", False),
    (parses_foreign_markup, "self.notify(message)", False),
    (parses_foreign_markup, "Content.from_markup(template)", False),
    (parses_foreign_markup, "self.border_title = f'{count} open'", False),
    (parses_foreign_markup, "self.notify(message, markup=False)", True),
    (parses_foreign_markup, "self.notify('saved' if ok else 'not saved')", True),
    (parses_foreign_markup, "Content.from_markup('[b]$name[/]', name=name)", True),
    (parses_foreign_markup, "Static(Content(summary))\nStatic('[b]Queue[/]')\nself.border_title = Content(t)", True),
    (hands_over_a_coroutine, "self.run_worker(self._read(page))", False),
    (hands_over_a_coroutine, "begin_work(self, asyncio.to_thread(look), group='pages')", False),
    (hands_over_a_coroutine, "begin_work(self, partial(self._read, page))\nself.run_worker(steps)", True),
    (parses_foreign_markup, "values.update(other)\ndigest.update(b'x')", True),
]


@pytest.mark.parametrize(("rule", "source", "fine"), EXAMPLES)
def test_a_rule_tells_right_from_wrong(rule: Rule, source: str, fine: bool) -> None:
    assert (_broken(rule, source) == []) is fine


@pytest.mark.parametrize(
    ("rule", "packages", "exempt"),
    [
        (reads_the_clock, PACKAGES, {"deskterm/clock.py"}),
        (catches_everything, PACKAGES, set()),
        (parses_foreign_markup, ("screens", "widgets"), set()),
        (hands_over_a_coroutine, ("screens", "widgets"), set()),
    ],
)
def test_every_module_keeps_the_rule(sources: dict[str, str], rule: Rule, packages: tuple[str, ...], exempt: set[str]) -> None:
    assert exempt <= sources.keys()
    found = [
        f"{name}:{line}: {what}"
        for name, source in sorted(sources.items())
        if name.split("/")[0] in packages and name not in exempt
        for line, what in _broken(rule, source)
    ]
    assert found == []
