"""The desk's own work: who leads, when each job last ran and runs next, what went wrong, what was set apart."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one

from screens import keys
from screens.messages import DeskChanged
from screens.permitted import PermittedScreen
from screens.when import ago, full, short
from widgets.columns import Cell, Column
from widgets.fixed_list import FixedList
from widgets.paged_list import PagedList
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.administration import SetApart
    from deskterm.job_runs import JobRun, JobStatus, Status
    from screens.session import Session

FRESH_SECONDS = 10
"""How often the state of the jobs is read."""


class JobsScreen(PermittedScreen[None]):
    """Who leads, the jobs, and the one under the cursor in full."""

    CSS_PATH = "jobs.tcss"
    AREAS: ClassVar[tuple[str, ...]] = ("jobs", "list")
    BINDINGS: ClassVar[list[BindingType]] = keys.bindings("jobs")

    jobs = query_one("#jobs", FixedList)
    leader = query_one("#leader", TextPane)
    pane = query_one("#pane", TextPane)

    def __init__(self, session: Session) -> None:
        """Make the list of jobs."""
        super().__init__(session)
        self._status: Status | None = None
        self._read_at = 0

    def body(self) -> ComposeResult:
        """From top to bottom."""
        ascii_only = self.session.ascii_only
        yield TextPane(ascii_only=ascii_only, id="leader")
        yield FixedList(
            columns(ascii_only=ascii_only), row_key=lambda job: job.name, now=self.session.now(), ascii_only=ascii_only,
            empty_text="No process declares a job.", id="jobs",
        )  # fmt: skip
        yield TextPane(ascii_only=ascii_only, id="pane")

    def opened(self) -> None:
        """Read how the jobs fare."""
        self.path = ("DeskTerm", "Jobs")
        self.jobs.focus()
        self._read()

    def _read(self) -> None:
        from deskterm.job_runs import status

        desk = self.desk
        self._read_at = self.session.now()
        self.read("status", lambda: status(desk.database, desk.clock), self._show)

    def _show(self, found: Status) -> None:
        self._status = found
        self.leader.show((self._leads(found),))
        self.jobs.show(found.jobs)
        self._show_job()

    def _leads(self, found: Status) -> tuple[str, str]:
        if found.leader is None:
            return "Nobody runs the jobs: they wait until a console or deskterm worker starts.", "risk"
        one, now = found.leader, self.session.now()
        said = f"Run by process {one.pid} on {one.host} since {short(one.since, now, self.session.tz)}"
        return (f"{said}, which shows no sign of life", "risk") if one.frozen else (said, "muted")

    def tick(self, now: int) -> None:
        """Let the times run, and read now and then."""
        self.jobs.tick(now)
        if now - self._read_at >= FRESH_SECONDS:
            self._read()

    def on_desk_changed(self, event: DeskChanged) -> None:
        """Read again when the person asks for it."""
        if event.everything and self._was_opened:
            self._read()

    @property
    def job(self) -> JobStatus | None:
        """The job under the cursor."""
        found = self._status.jobs if self._status is not None else ()
        return found[self.jobs.cursor] if self.jobs.cursor < len(found) else None

    @on(PagedList.RowHighlighted)
    def _moved(self, event: PagedList.RowHighlighted[JobStatus]) -> None:
        event.stop()
        self._show_job()

    @on(PagedList.RowOpened)
    def _open(self, event: PagedList.RowOpened[JobStatus]) -> None:
        event.stop()
        self.action_faults()

    def _show_job(self) -> None:
        job = self.job
        self.pane.show(() if job is None else in_full(job, self.session.tz))
        self.refresh_bindings()

    # Keys.

    def refusal(self, action: str) -> str:
        """Say which right is missing, or that there is nothing to show."""
        if action == "run":
            from deskterm.administration import require_manager
            from deskterm.errors import NotAllowed

            try:
                require_manager(self.desk)
            except NotAllowed as refusal:
                return refusal.message.replace("manage a desk setting", "run a job")
        if action == "faults" and (self.job is None or not self.job.faults):
            return "This job has set nothing apart: it could work on every record."
        return ""

    def action_run(self) -> None:
        """Run the job under the cursor once."""
        from deskterm.administration import run_now

        if self.job is not None:
            self.say(f"Running {self.job.name} …")
            self.write(partial(run_now, self.desk, self.job.name), self._ran)

    def _ran(self, run: JobRun) -> None:
        if run.error:
            self.say(f"{run.name} failed: {run.error}", severity="error")
        else:
            self.say(f"{run.name}: {run.changed} {'record' if run.changed == 1 else 'records'} changed.")
        self._read()

    def action_faults(self) -> None:
        """Show what the job could not work on."""
        if refusal := self.refusal("faults"):
            self.say(refusal)
        else:
            self.converse(self._faults())

    async def _faults(self) -> None:
        from deskterm.administration import set_apart
        from screens.modals.page import PageModal

        job = self.job
        if job is None:
            return
        found = await self.call(set_apart, self.desk, job.name)
        text = faults_page(found, self.session.tz)
        await self.app.push_screen_wait(PageModal(self.session, f"Set apart by {job.name}", text))


def columns(*, ascii_only: bool = False) -> list[Column[JobStatus]]:
    """Return the columns; the times are told from now, and change with it."""

    def next_run(job: JobStatus, now: int) -> Cell:
        if job.next_run is None:
            return "soon", "muted"
        left = job.next_run - now
        if job.overdue_seconds:
            return f"{ago(job.next_run, now)} late", "breach"
        return f"in {span(left)}" if left >= 0 else "now", ""

    def last_run(job: JobStatus, now: int) -> Cell:
        return ("never", "muted") if job.last_run is None else f"{ago(job.last_run, now)} ago"

    def sign(job: JobStatus, _: int) -> Cell:
        if job.last_error:
            return "X" if ascii_only else "✖", "breach"
        if job.overdue_seconds or job.faults:
            return "!", "risk"
        return ("+" if ascii_only else "✓", "good") if job.runs else ""

    def took(job: JobStatus, _: int) -> Cell:
        return "" if job.last_seconds is None else f"{job.last_seconds} s"

    def said(job: JobStatus, _: int) -> Cell:
        return (job.last_error, "breach") if job.last_error else job.help

    return [
        Column("next", "next", 11, next_run, volatile=True),
        Column("last", "last", 11, last_run, volatile=True),
        Column("sign", "", 1, sign),
        Column("name", "job", 18, lambda job, _: job.name),
        Column("every", "every", 7, lambda job, _: span(job.every_seconds), align="right", priority=3),
        Column("took", "took", 5, took, align="right", priority=4),
        Column("runs", "runs", 7, lambda job, _: f"{job.runs:,}", align="right", priority=5),
        Column("faults", "apart", 5, lambda job, _: (str(job.faults), "risk") if job.faults else "", align="right", priority=1),
        Column("said", "what it does", 30, said, min_width=14, grow=1, priority=2),
    ]


def span(seconds: int) -> str:
    """Return an interval in one unit: `30 s`, `10 min`, `6 h`, `3 days`."""
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 2 * 86400 else f"{seconds // 86400} days"


def in_full(job: JobStatus, tz: str) -> tuple[tuple[str, str], ...]:
    """Return what the pane says of a job."""
    last = "never ran" if job.last_run is None else f"last ran {full(job.last_run, tz)}"
    lines = [
        (f"{job.name}: {job.help}", "strong"),
        (f"{last}, {job.runs:,} {'run' if job.runs == 1 else 'runs'}, every {span(job.every_seconds)}", ""),
    ]
    if job.last_error:
        lines.append((f"it failed: {job.last_error}", "breach"))
    elif job.overdue_seconds:
        lines.append((f"it should have run {span(job.overdue_seconds)} ago: nobody may be running the jobs", "risk"))
    if job.faults:
        lines.append((f"{job.faults} set apart: f shows which and why", "risk"))
    return tuple(lines)


def faults_page(found: Sequence[SetApart], tz: str) -> str:
    """Return what a job could not work on, as a page."""
    lines = []
    for one in found:
        lines.append(f"{one.number} {one.title}"[:80])
        lines.append(f"    {full(one.fault.at, tz)}, {one.fault.attempts} attempts; again {full(one.fault.retry_at, tz)}")
        lines.append(f"    {one.fault.message}"[:160])
    return "\n".join(lines) or "Nothing is set apart any more."
