"""Commands of release management: the library with its files, build records, test campaigns, and the rollout as a table.

A step of a rollout is a workflow action: `deskterm rollout REL go wave=2` is `deskterm do REL go wave=2` and the table after it.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.cli import words
from deskterm.cli.command import Command, arg
from deskterm.cli.context import Context
from deskterm.errors import InvalidInput, UsageError

if TYPE_CHECKING:
    from deskterm.release.schema import Cell, ReleaseView

LIBRARY = ("deposit", "verify", "strays", "folder")
BUILD = ("add", "drop", "finish", "abandon")
TESTS = ("plan", "drop", "pass", "fail", "block", "sign", "repeat")
ROLLOUT = {
    "plan": "plan-wave", "drop": "drop-cells", "begin": "roll-out", "go": "go", "hold": "hold", "resume": "resume",
    "accept": "accept-wave", "back-out": "back-out-cells", "installed": "report", "failed": "report", "unreachable": "report",
}  # fmt: skip
"""What can be done with a rollout, and the workflow action that does it."""
RESULTS = {"pass": "passed", "fail": "failed", "block": "blocked"}


def library(context: Context, args: Namespace) -> int | None:
    """List the library, deposit or verify files, or set its folder."""
    plain, assignments = words.part(args.words)
    if assignments:
        raise UsageError(f"library does not take {assignments[0]}; a field is set with: deskterm edit NUMBER FIELD=VALUE")
    verb, *rest = plain or ["list"]
    match verb:
        case "list":
            _list_library(context)
        case "deposit":
            _deposit(context, rest)
        case "verify":
            return _verify(context, rest)
        case "strays":
            _strays(context)
        case "folder":
            _folder(context, rest)
        case _:
            raise UsageError(f"the library knows {', '.join(LIBRARY)}, not {verb!r}")
    return None


def _list_library(context: Context) -> None:
    from deskterm.clock import format_instant
    from deskterm.release.library_reading import holdings

    found = holdings(context.desk)
    if context.json:
        context.write_json({"items": [one.as_json() for one in found]})
        return
    rows = [
        (one.number, one.name, one.version, one.state, one.integrity or "not read yet",
         "" if one.checked_at is None else format_instant(one.checked_at), one.licence, one.sha256[:16])
        for one in found
    ]  # fmt: skip
    context.table(rows, ("number", "name", "version", "state", "file", "read", "licence", "sha-256"))


def _deposit(context: Context, rest: Sequence[str]) -> None:
    from deskterm.exchange.progress import ProgressBar
    from deskterm.release import library as service

    if len(rest) != 2:
        raise UsageError("say which file is whose: deskterm library deposit NUMBER FILE")
    bar = ProgressBar(context.stderr)
    try:
        receipt = service.deposit(context.desk, rest[0], rest[1], told=bar)
    finally:
        bar.clear()
    values = context.desk.show(receipt.number).values
    if context.json:
        context.write_json({"number": receipt.number, **{name: values[name] for name in ("path", "sha256", "size_bytes")}})
        return
    context.line(f"{receipt.number}  {values['sha256']}  {values['size_bytes']:,} bytes  {values['path']}")


def _verify(context: Context, rest: Sequence[str]) -> int:
    from deskterm.release import library as service

    found = service.verify(context.desk, words.numbers(context, rest) if rest else None)
    damaged = [one for one in found if one.result != "verified"]
    if context.json:
        items = [
            {"number": one.number, "name": one.name, "version": one.version, "result": one.result, "detail": one.detail}
            for one in found
        ]
        context.write_json({"verified": len(found) - len(damaged), "damaged": len(damaged), "items": items})
    else:
        context.table(
            [(one.number, one.name, one.version, one.result, one.detail) for one in found],
            ("number", "name", "version", "file", "found"),
        )
    if damaged:
        names = ", ".join(f"{one.number} {one.result}" for one in damaged[:5])
        context.remark(f"error: {len(damaged)} of {len(found)} files are not what the library recorded: {names}")
    return int(bool(damaged))


def _strays(context: Context) -> None:
    from deskterm.release import library as service

    found = service.strays(context.desk)
    if context.json:
        context.write_json({"strays": list(found)})
        return
    for place in found:
        context.line(place)


def _folder(context: Context, rest: Sequence[str]) -> None:
    from deskterm import administration
    from deskterm.release import library as service

    if len(rest) > 1:
        raise UsageError("name one folder: deskterm library folder /srv/deskterm/library")
    if rest:
        administration.change(context.desk, "library_folder", rest[0])
    folder = str(service.library(context.desk).folder)
    if context.json:
        context.write_json({"folder": folder})
        return
    context.line(folder)


def build(context: Context, args: Namespace) -> None:
    """Print the build records of a release, or work on the open one."""
    from deskterm.release import builds

    plain, assignments = words.part(args.words)
    verb, *items = plain or [""]
    note = _only(context, assignments, "note") if verb in ("finish", "abandon") else _only(context, assignments)
    match verb:
        case "add":
            builds.add(context.desk, args.number, items)
        case "drop":
            builds.drop(context.desk, args.number, items)
        case "finish":
            builds.finish(context.desk, args.number, note)
        case "abandon":
            builds.abandon(context.desk, args.number, note)
        case "":
            pass
        case _:
            raise UsageError(f"a build knows {', '.join(BUILD)}, not {verb!r}")
    _print_builds(context, args.number)


def _only(context: Context, assignments: Sequence[str], *takes: str) -> str:
    values = words.values(context, assignments)
    strange = sorted(values.keys() - set(takes))
    if strange:
        raise UsageError(f"that does not take {strange[0]}; it takes {', '.join(takes) or 'no field'}")
    return values.get(takes[0], "") if takes else ""


def _print_builds(context: Context, number: str) -> None:
    from deskterm.release import printing
    from deskterm.release.reading import view

    found = view(context.desk, number)
    if context.json:
        context.write_json({"number": found.number, "builds": [printing.build_json(one) for one in found.builds]})
        return
    for one in found.builds:
        context.line(printing.build_title(one))
        rows = [(item.number, item.name, item.version, f"{item.size_bytes:,}", item.sha256[:16]) for item in one.items]
        context.table(rows, ("number", "name", "version", "bytes", "sha-256"), right=(3,), indent="  ")


def tests(context: Context, args: Namespace) -> None:
    """Print the test campaigns of a release, or work on one."""
    from deskterm.release import campaigns as service

    plain, assignments = words.part(args.words)
    verb, *rest = plain or [""]
    values = words.values(context, assignments)
    takes = {"plan": {"mandatory"}, "sign": {"note"}, **{result: {"evidence"} for result in RESULTS}}.get(verb, set())
    strange = sorted(values.keys() - takes)
    if strange:
        raise UsageError(f"{verb or 'tests'} does not take {strange[0]}; it takes {', '.join(sorted(takes)) or 'no field'}")
    if verb and verb not in TESTS:
        raise UsageError(f"tests know {', '.join(TESTS)}, not {verb!r}")
    if verb and not rest:
        raise UsageError(f"name the campaign: deskterm tests {args.number} {verb} CAMPAIGN …")
    desk, number = context.desk, args.number
    match verb:
        case "plan":
            service.plan(desk, number, rest[0], rest[1:], mandatory=_yes(values.get("mandatory", "yes")))
        case "drop":
            service.drop(desk, number, rest[0], _positions(rest[1:]))
        case "sign":
            service.sign(desk, number, rest[0], values.get("note", ""))
        case "repeat":
            service.repeat(desk, number, rest[0])
        case "pass" | "fail" | "block":
            service.record(desk, number, rest[0], _positions(rest[1:]), RESULTS[verb], values.get("evidence", ""))
    _print_tests(context, number)


def _yes(text: str) -> bool:
    if text.casefold() not in ("yes", "no", "true", "false", "1", "0"):
        raise InvalidInput(f"mandatory is yes or no, not {text!r}", fields={"mandatory": "yes or no"})
    return text.casefold() in ("yes", "true", "1")


def _positions(rest: Sequence[str]) -> list[int]:
    return [words.whole(word, "a test's number", 1) or 0 for word in rest]


def _print_tests(context: Context, number: str) -> None:
    from deskterm.release import printing
    from deskterm.release.reading import view

    found = view(context.desk, number)
    if context.json:
        context.write_json({"number": found.number, "campaigns": [printing.campaign_json(one) for one in found.campaigns]})
        return
    for one in found.campaigns:
        context.line(printing.campaign_title(one))
        rows = [
            (
                str(case.position),
                case.name,
                "mandatory" if case.mandatory else "optional",
                case.result,
                case.tested_by,
                case.evidence,
            )
            for case in one.cases
        ]
        context.table(rows, ("", "case", "", "result", "by", "evidence"), right=(0,), indent="  ")


def rollout(context: Context, args: Namespace) -> int:
    """Print a rollout as a table of waves and CIs, or take a step of it."""
    from deskterm.release.reading import view

    plain, assignments = words.part(args.words)
    before = view(context.desk, args.number)
    verb = plain[0] if plain else ""
    if len(plain) > 1:
        raise UsageError(f"{plain[1]!r} is no FIELD=VALUE; name CIs with cis=app-1,app-2")
    if not plain:
        if assignments:
            raise UsageError("say what to do before its fields: deskterm rollout NUMBER go wave=1")
        _print_rollout(context, before)
        return 0
    if verb not in ROLLOUT:
        raise UsageError(f"a rollout knows {', '.join(ROLLOUT)}, not {verb!r}")
    values = words.values(context, assignments)
    if ROLLOUT[verb] == "report":
        values["outcome"] = verb
    context.desk.act(args.number, ROLLOUT[verb], values)
    after = view(context.desk, args.number)
    _print_rollout(context, after)
    return _told_failures(context, before, after) if verb != "failed" else 0


def _told_failures(context: Context, before: ReleaseView, after: ReleaseView) -> int:
    """Say where a step could not be taken; it was taken everywhere else, and nothing is lost."""
    known = {cell.id: (cell.state, cell.changed_at, cell.reason) for cell in before.cells}
    fresh = [
        cell for cell in after.cells
        if cell.state == "failed" and known.get(cell.id) != (cell.state, cell.changed_at, cell.reason)
    ]  # fmt: skip
    if fresh:
        context.remark(f"error: not everywhere: {'; '.join(f'{cell.name}: {cell.reason}' for cell in fresh)}")
    return int(bool(fresh))


def _print_rollout(context: Context, found: ReleaseView) -> None:
    from deskterm.release import printing

    if context.json:
        context.write_json(printing.rollout_json(found))
        return
    context.line(f"{found.number} {found.release_version}  {found.title}: {found.state.replace('-', ' ')}")
    context.line(found.progress or "no wave is planned")
    for wave in found.waves:
        context.line()
        context.line(printing.wave_title(wave))
        rows = [
            (cell.ci, cell.name, cell.site, cell.state.value, cell.version or found.release_version, _before(cell),
             cell.installed_now or "nothing", cell.reason)
            for cell in wave.cells
        ]  # fmt: skip
        context.table(rows, ("number", "CI", "site", "state", "release", "before", "installed now", "why"), indent="  ")


def _before(cell: Cell) -> str:
    """Return what was there before; of a CI that nothing was sent to yet, nobody has looked."""
    return cell.previous or ("nothing" if cell.version else "")


_NUMBER: Mapping[str, str] = {"metavar": "NUMBER"}

COMMANDS = (
    Command(
        "library", library, "list the definitive software library, deposit and verify its files",
        (arg("words", metavar="deposit NUMBER FILE|verify NUMBER…|strays|folder PATH", nargs="*",
             help="what is done; the library is listed if nothing is said"),),
        "An item is made with `deskterm new definitive-item`, given a file with `deposit`, checked with `deskterm do NUMBER\n"
        "check-quality` and enters with `deskterm do NUMBER accept`. `verify` reads files again, all of them if none is named;\n"
        "its exit status is 1 where one is not what was recorded. `strays` lists what lies in the folder and belongs to no item.",
        ("deskterm new definitive-item name=payroll item_version=4.3 licence='Contract 2024-17'",
         "deskterm library deposit DSL-00001 ./payroll-4.3.tar.gz", "deskterm library verify"),
    ),
    Command(
        "build", build, "print the build records of a release, or work on the open one",
        (arg("number", help="the release's number, such as REL-00004", **_NUMBER),
         arg("words", metavar="add|drop|finish|abandon ITEM… note=TEXT", nargs="*", help="what is done, with which items")),
        "A build is opened by `deskterm do NUMBER build`. `finish` reads every file again and writes a record that stands.",
        ("deskterm build REL-00004 add DSL-00001 DSL-00002", "deskterm build REL-00004 finish note='nightly 812'"),
    ),
    Command(
        "tests", tests, "print the test campaigns of a release, or plan, record and sign tests",
        (arg("number", help="the release's number", **_NUMBER),
         arg("words", metavar="plan|drop|pass|fail|block|sign|repeat CAMPAIGN CASE… FIELD=VALUE", nargs="*",
             help="what is done; cases are planned by name and recorded by number")),
        "`plan` takes mandatory=no, results take evidence=TEXT, `sign` takes note=TEXT. A signed campaign stands.",
        ("deskterm tests REL-00004 plan acceptance 'pay slip of March' 'bank file'",
         "deskterm tests REL-00004 pass acceptance 1 2 evidence='run 77'", "deskterm tests REL-00004 sign acceptance"),
    ),
    Command(
        "rollout", rollout, "print a rollout as waves and CIs, or take a step of it",
        (arg("number", help="the release's number", **_NUMBER),
         arg("words", metavar="plan|drop|begin|go|installed|failed|unreachable|hold|resume|accept|back-out FIELD=VALUE",
             nargs="*", help="what is done; wave=N and cis=A,B say where, reason=TEXT and note=TEXT why")),
        "The exit status is 1 where a step was taken but not on every CI; the table says where and why, and nothing is lost.",
        ("deskterm rollout REL-00004 plan name=Pilot cis=app-pay-01", "deskterm rollout REL-00004 plan sites='Haus A'",
         "deskterm rollout REL-00004 go", "deskterm rollout REL-00004 installed cis=app-pay-01",
         "deskterm rollout REL-00004 accept note='pilot users are happy'"),
    ),
)  # fmt: skip
