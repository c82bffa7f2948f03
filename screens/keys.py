"""Every key of the console, declared once: bindings, footer, help, palette, the person's own keymap and docs/keys.md follow.

A screen takes the keys of its areas with `bindings`. Keys of widgets are declared beside the widget and listed here too; a test
keeps both alike. To add a key, add a line: its id is what `keys.toml` names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.binding import Binding, BindingType

from screens.delivery_keys import DELIVERY
from screens.key import Key
from screens.places import BY_KEY, place

AREAS: Mapping[str, str] = {
    "app": "Everywhere",
    "list": "In every list",
    "ticket": "On a record, or on all marked ones",
    "queue": "In the queue",
    "filter": "While a query is typed",
    "record": "In a record",
    "kinds": "In a list of one kind",
    "problems": "In problems",
    "whys": "In the outline of causes",
    "board": "On the service-level board",
    "tree": "In a tree",
    "cis": "In the CI browser",
    "changes": "Among the changes",
    "availability": "In availability",
    "cab": "In the meeting of a board",
    "shifts": "In the list of handovers",
    "handover": "In a shift handover",
    "inbox": "In the inbox of scans",
    "scan": "In a scan",
    "audit": "In an audit",
    "releases": "In the lists of releases and of the library",
    "cockpit": "In the cockpit of a release",
    "finance": "Among the figures of money",
    "continuity": "In continuity",
    "plan": "In a continuity plan",
    "run": "In a run of a continuity plan",
    "capacity": "In capacity",
    "resource": "On the chart of a resource",
    "capplan": "In a capacity plan",
    "overview": "In the overview",
    "assessment": "In the self-assessment",
    "replay": "Where a past period is judged again",
    "jobs": "In the list of jobs",
    "admin": "In administration",
    "settings": "In the settings of the desk",
    "form": "In a form",
    "contact": "While a contact is taken",
    "modal": "In a window that asks",
    "ask": "In a window that asks yes or no",
    "choose": "In a window of choices",
    "write": "While a text is written",
    "bulk": "Before something is done with all that is marked",
    "conflict": "Where two people changed the same field",
    "explain": "In the explanation of a clock",
    "page": "On a page to read",
    "lines": "In a text that scrolls",
    "tabs": "On a row of tabs",
    "tile": "On a tile",
    "help": "In the list of keys",
    "trouble": "Where the desk does not open",
}
"""Title of each area, in the order of the help."""


def _place_keys() -> Iterator[Key]:
    for key, name in BY_KEY.items():
        found = place(name)
        assert found is not None, name
        yield Key(f"app.{name}", key, f"app.go('{name}')", found.title.lower(), f"Go to: {found.title}. {found.help}")


KEYS: tuple[Key, ...] = (
    Key("app.palette", "colon,ctrl+p", "app.command_palette", "go", "Go to a screen, record, view or action by name.", 91, True),
    Key("app.help", "question_mark,f1", "app.desk_help", "help", "Say which keys do what here.", 92, True),
    Key("app.back", "escape", "back", "back", "Close this and go back."),
    Key("app.previous", "minus", "app.previous", "previous view", "Go back to what was shown before."),
    Key("app.new", "n", "app.new", "new", "Make something new; asks which kind.", 80),
    Key("app.contact", "c", "app.contact", "contact", "Log a contact: who calls, and what it leads to."),
    Key("app.drafts", "f9", "app.drafts", "drafts", "Show what you were typing and did not save."),
    Key("app.undo", "u", "undo", "undo", "Take back your last edit or bulk act."),
    Key("app.refresh", "f5", "refresh_desk", "refresh", "Read everything shown here again."),
    Key("app.repaint", "ctrl+l", "repaint", "repaint", "Paint the screen anew.", widget=True),
    Key("app.quit", "q,ctrl+q", "app.leave", "quit", "End the console; asks only if something is unsaved."),
    *_place_keys(),
    Key("list.down", "down,j", "move(1)", "down", "One row down.", widget=True),
    Key("list.up", "up,k", "move(-1)", "up", "One row up.", widget=True),
    Key("list.half_down", "ctrl+d", "move_screen(0.5)", "half page down", "Half a screen down.", widget=True),
    Key("list.half_up", "ctrl+u", "move_screen(-0.5)", "half page up", "Half a screen up.", widget=True),
    Key("list.page_down", "pagedown", "move_screen(1)", "page down", "A screen down.", widget=True),
    Key("list.page_up", "pageup", "move_screen(-1)", "page up", "A screen up.", widget=True),
    Key("list.first", "home,g", "first", "first", "To the first row.", widget=True),
    Key("list.last", "end,G", "last", "last", "To the last row.", widget=True),
    Key("list.open", "enter", "open", "open", "Open what is under the cursor.", widget=True),
    Key("list.mark", "space", "mark", "mark", "Mark the row, or take its mark away.", 60, widget=True),
    Key("list.mark_range", "V", "mark_range", "mark range", "Begin a range of marks, and again to end it.", widget=True),
    Key("list.drop_range", "escape", "drop_range", "stop marking", "Leave the open range unmarked.", widget=True),
    Key("ticket.take", "a", "take", "take", "Make it yours.", 10),
    Key("ticket.assign", "A", "assign", "assign", "Hand it to a team or an agent."),
    Key("ticket.state", "s", "state", "state", "Change its state: what is possible now, and what that demands.", 20),
    Key("ticket.reply", "r", "reply", "reply", "Write to the caller.", 30),
    Key("ticket.note", "x", "note", "note", "Write a note that only the desk reads.", 40),
    Key("ticket.pend", "p", "pend", "pend", "Let it wait for somebody: its clocks pause.", 50),
    Key("ticket.workaround", "w", "workaround", "workaround", "Apply the known error that fits, or publish the workaround."),
    Key("ticket.edit", "e", "edit", "edit", "Change its fields."),
    Key("ticket.link", "l", "link", "link", "Link it to another record."),
    Key("ticket.affects", "L", "affects", "affects", "Name a service or a CI that it affects, or take one away again."),
    Key("ticket.watch", "asterisk", "watch", "watch", "Hear of what others do with it, or of that no more."),
    Key("ticket.figures", "dollar_sign", "figures", "figures", "Show what its other figures stand on: priority, cost, risk."),
    Key("ticket.explain", "equals_sign", "explain", "explain", "Show how the clock came to what it shows."),
    Key("ticket.copy", "y", "copy", "copy number", "Copy its number to your own clipboard."),
    Key("queue.filter", "slash", "filter", "filter", "Narrow the list with a query.", 90, True),
    Key("queue.next_best", "full_stop", "next_best", "next", "Go to the record that should be worked on next.", 70),
    Key("queue.view_after", "right_square_bracket", "view(1)", "next view", "To the view on the right."),
    Key("queue.view_before", "left_square_bracket", "view(-1)", "view before", "To the view on the left."),
    Key("queue.views", "v", "views", "views", "Choose a view by its number or name."),
    Key("queue.save_view", "ctrl+s", "save_view", "save view", "Keep the filter as a view of your own."),
    Key("queue.sort", "S", "sort", "sort", "Choose what the list is sorted by."),
    Key("queue.export", "E", "export", "export", "Write what the list shows into a file of yours: CSV, JSON lines or Markdown."),
    Key("queue.preview", "P", "preview", "preview", "Show or hide the preview."),
    Key("filter.apply", "enter", "submit", "list", "List what the query finds.", 10, True, widget=True),
    Key("filter.take", "tab", "take", "complete", "Take the suggestion.", 20, widget=True),
    Key("filter.next", "down", "choose(1)", "next suggestion", "Choose the next suggestion.", widget=True),
    Key("filter.before", "up", "choose(-1)", "suggestion before", "Choose the suggestion before.", widget=True),
    Key("filter.leave", "escape", "leave", "leave", "Leave the list as it was.", 30, True, widget=True),
    Key("record.next_best", "full_stop", "next_best", "next", "Leave it and open the record that should be worked on next.", 57),
    Key("record.facts", "f", "facts", "facts", "Show or hide the facts, where there is no room for both.", 55),
    Key("record.fold", "tab", "fold", "fold changes", "Show or fold the changes of fields in the journal.", 56),
    Key("record.cause", "b", "cause", "caused by", "Name the change that caused it, one of those that ended there lately."),
    Key("record.follow", "enter", "follow", "open link", "Open a linked or similar record."),
    Key("record.whys", "W", "whys", "causes", "Open the outline of causes of a problem."),
    Key("problems.create", "n", "create", "new problem", "Make a problem.", 15),
    Key("problems.whys", "W", "whys", "causes", "Open the outline of causes: the five whys.", 13),
    Key("problems.accept", "plus", "accept", "accept", "Make a problem of the candidate under the cursor.", 16),
    Key("problems.dismiss", "D", "dismiss_candidate", "dismiss", "Say why the candidate is no problem.", 17),
    Key("problems.incidents", "i", "incidents", "resolve incidents", "Resolve the open incidents of a resolved problem."),
    Key("problems.by", "b", "by", "count by", "Pareto by problem, category, CI or service.", 18),
    Key("problems.filter", "slash", "filter", "filter", "Narrow the list with a query.", 90, True),
    Key("problems.after", "right_square_bracket", "section(1)", "next tab", "To the tab on the right."),
    Key("problems.before", "left_square_bracket", "section(-1)", "tab before", "To the tab on the left."),
    Key("whys.ask", "n", "ask", "why", "Ask why of the answer under the cursor.", 10),
    Key("whys.beside", "N", "beside", "another", "Give another answer to the same question.", 20),
    Key("whys.reword", "e", "reword", "reword", "Put the answer in other words.", 40),
    Key("whys.judge", "v", "judge", "judge", "Confirm the answer, reject it, leave it open.", 30),
    Key("whys.evidence", "x", "evidence", "evidence", "Say what shows it, or what speaks against it.", 50),
    Key("whys.root_cause", "R", "root_cause", "root cause", "Make the answer the root cause of the problem.", 35, True),
    Key("whys.down", "J", "move(1)", "move down", "Put the answer further down among those beside it."),
    Key("whys.up", "K", "move(-1)", "move up", "Put the answer further up among those beside it."),
    Key("whys.deeper", "greater_than_sign", "nest(1)", "deeper", "Put the answer below the one before it."),
    Key("whys.out", "less_than_sign", "nest(-1)", "further out", "Put the answer beside the one that it is below."),
    Key("whys.drop", "D", "drop", "drop", "Take the answer out, with all below it."),
    Key("kinds.create", "n", "create", "new", "Make a new one.", 10),
    Key("kinds.edit", "e", "edit", "edit", "Change its fields.", 20),
    Key("kinds.retire", "R", "retire", "retire", "Retire it, or take it back into use; history keeps it.", 30),
    Key("kinds.export", "E", "export", "export", "Write what the list shows into a file of yours: CSV, JSON lines or Markdown."),
    Key("kinds.filter", "slash", "filter", "filter", "Narrow the list with a query.", 90, True),
    Key("tree.unfold", "right", "unfold", "open", "Open the branch, or go into it.", widget=True),
    Key("tree.fold", "left", "fold", "close", "Close the branch, or go to the one above.", widget=True),
    Key("tree.turn", "space", "turn", "open, close", "Open or close the branch.", widget=True),
    Key("tree.open", "enter", "open", "open", "Open the record; behind the last row of a page, read on.", widget=True),
    Key("cis.mode", "m", "mode", "mode", "Order the tree by service, type, location or dependency.", 10, True),
    Key("cis.direction", "D", "direction", "up, down", "Let branches hold what needs a CI instead of what it needs, and back."),
    Key("cis.impact", "i", "impact", "impact", "Show what its failure would do, as a tree; again for the CI itself.", 20),
    Key("cis.effects", "t", "effects", "break, degrade", "Of the impact, show all, what would break, or what could be degraded."),
    Key("cis.baseline", "b", "baseline", "baseline", "Compare with a day or a baseline, or take one.", 30),
    Key("cis.differences", "B", "differences", "all differences", "List what differs in the whole configuration."),
    Key("cis.pane", "P", "pane", "tree, pane", "Go from the tree to the pane beside it, and back."),
    Key("cis.inbox", "I", "app.go('inbox')", "inbox of scans", "Go to what discovery found and nobody has verified yet."),
    Key("cis.audits", "A", "app.go('audits')", "audits", "Go to the audits."),
    Key("cis.filter", "slash", "filter", "filter", "Find CIs with a query; an empty one shows the tree.", 90, True),
    Key("cis.edit", "e", "edit", "edit", "Change its fields.", 50),
    Key("cis.state", "s", "state", "state", "Change its status: what is possible now."),
    Key("cis.explain", "equals_sign", "explain", "explain", "Say why it fares as it does, and what its failure would do.", 40),
    Key("cis.copy", "y", "copy", "copy number", "Copy its number to your own clipboard."),
    Key("availability.view_after", "right_square_bracket", "view(1)", "next view", "To the view on the right.", 40),
    Key("availability.view_before", "left_square_bracket", "view(-1)", "view before", "To the view on the left."),
    Key("availability.period", "z", "period", "period", "Choose the period that the figures are of.", 50),
    Key("availability.page", "v", "page", "next page", "Tell why, what is predicted, or where the time went.", 51),
    Key("availability.end", "X", "end", "over", "Say that the outage under the cursor is over.", 25),
    Key("availability.explain", "equals_sign", "explain", "explain", "Show what a percentage is made of.", 52),
    Key("changes.view_after", "right_square_bracket", "view(1)", "next view", "To the view on the right.", 40),
    Key("changes.view_before", "left_square_bracket", "view(-1)", "view before", "To the view on the left."),
    Key("changes.meeting", "b", "meeting", "board meets", "Hold the meeting of a board: vote on what waits, page by page.", 50),
    Key("changes.later", "right", "shift(1)", "later", "Half a screen of the calendar on."),
    Key("changes.earlier", "left", "shift(-1)", "earlier", "Half a screen of the calendar back."),
    Key("changes.scale", "z", "scale", "scale", "Show more of the calendar at once; after four weeks a day again.", 60),
    Key("changes.today", "t", "today", "today", "Let the calendar begin today.", 61),
    Key("changes.affects", "L", "affects", "affects", "Name a service or a CI that it affects, or take one away again."),
    Key("changes.explain", "equals_sign", "explain", "explain", "Say how its risk adds up and how its vote stands."),
    Key("cab.explain", "equals_sign", "explain", "explain", "Say how the risk adds up and how the vote stands."),
    Key("cab.approve", "y", "approve", "for it", "Vote for the change.", 10, True),
    Key("cab.against", "n", "against", "against", "Vote against the change.", 20, True),
    Key("cab.abstain", "d", "abstain", "abstain", "Have no opinion: it counts towards the quorum.", 30),
    Key("cab.comment", "x", "comment", "comment", "Write what goes with your vote.", 40),
    Key("cab.next", "space,right", "turn(1)", "next", "To the next change.", 50),
    Key("cab.before", "left", "turn(-1)", "before", "To the change before."),
    Key("cab.remark", "m", "remark", "remark", "Write what the minutes say of the change.", 60),
    Key("cab.minutes", "M", "minutes", "end", "End the meeting and write its minutes.", 70, True),
    Key("cab.whole", "enter", "whole", "open", "Open the change itself."),
    Key("shifts.close", "n", "create", "close my shift", "Freeze what your shift leaves to the next one.", 10),
    Key("handover.acknowledge", "a", "acknowledge", "acknowledge", "I know: go on to the next line without an answer.", 10),
    Key("handover.know", "space", "answer", "acknowledge", "I know: go on to the next line.", widget=True),
    Key("handover.reassign", "A", "reassign", "reassign", "Give its record to a team or an agent, here and now.", 20),
    Key("handover.comment", "x", "comment", "comment", "Say something on the line.", 30),
    Key("handover.reconsider", "z", "reconsider", "answer again", "Take the answer to the line back."),
    Key("handover.note", "n", "add_note", "add note", "Add what the records do not say, until it is signed.", 50),
    Key("handover.sign", "S", "sign", "sign", "Sign: as the outgoing lead, or with all answered as the incoming one.", 40, True),
    Key("handover.incoming", "i", "be_incoming", "take over", "Make yourself the incoming lead."),
    Key("handover.withdraw", "D", "withdraw", "withdraw", "Drop it before it is signed; the shift can be closed again."),
    Key("handover.print", "P", "page", "printed page", "Show it as it is printed.", 60),
    Key("inbox.filter", "slash", "filter", "filter", "Narrow the list with a query; * lists settled scans as well.", 90, True),
    Key("scan.stage", "space", "stage", "stage", "Take the row over with the next apply, or not after all.", 5, widget=True),
    Key("scan.discard", "d", "discard", "discard", "Leave the row as it is recorded, or think again.", 20),
    Key("scan.stage_alike", "S", "stage_alike", "all alike", "Stage every open row of the same sort.", 30),
    Key("scan.discard_alike", "D", "discard_alike", "discard all alike", "Discard every open row of the same sort."),
    Key("scan.identify", "i", "identify", "which is it", "Say which CI a conflict is, or that it is new.", 40),
    Key("scan.leave_out", "f", "leave_out", "leave field", "Leave one field as it is recorded.", 50),
    Key("scan.apply", "a", "apply", "apply", "Try what is staged, and take it over in one go.", 10, True),
    Key("scan.alarm", "r", "alarm", "incident", "Open the incident that the row raised.", 60),
    Key("scan.filter", "slash", "filter", "filter", "Show only some rows: conflict, new, open, unauthorised.", 90, True),
    Key("scan.settle", "w", "settle", "settle", "Leave the rest as it is recorded, or open the scan again."),
    Key("audit.scan", "enter", "submit", "scan", "Take the codes of the line.", 10, True, widget=True),
    Key("audit.down", "down", "screen.look(1)", "down", "One line of the list down.", widget=True),
    Key("audit.up", "up", "screen.look(-1)", "up", "One line of the list up.", widget=True),
    Key("audit.page_down", "pagedown", "screen.look(20)", "page down", "Twenty lines down.", widget=True),
    Key("audit.page_up", "pageup", "screen.look(-20)", "page up", "Twenty lines up.", widget=True),
    Key("audit.take_back", "f6", "take_back", "take back", "Take the newest scan back.", 20),
    Key("audit.paste", "f7", "many", "many", "Paste many codes at once, one a line.", 30),
    Key("audit.close", "f8", "close_audit", "close", "End the audit: what was not found is missing.", 40),
    Key("releases.tab_after", "right_square_bracket", "tab(1)", "next list", "To the list on the right.", 40),
    Key("releases.tab_before", "left_square_bracket", "tab(-1)", "list before", "To the list on the left."),
    Key("releases.verify", "v", "verify", "verify", "Read the file under the cursor again and compare its hash.", 50),
    Key("releases.verify_all", "A", "verify_all", "verify all", "Read every file of the library again."),
    Key("releases.deposit", "d", "deposit", "deposit", "Copy the item's file into the library.", 60),
    Key("cockpit.state", "s", "state", "state", "What is possible now, and what that demands.", 10),
    Key("cockpit.go", "d", "go", "distribute", "Distribute to what is under the cursor: a CI, a site, the open wave.", 20),
    Key("cockpit.installed", "i", "installed", "installed", "It is installed there: the CMDB says so from now on.", 21),
    Key("cockpit.failed", "f", "failed", "failed", "It failed there, and why; the same for a test.", 22),
    Key("cockpit.unreachable", "U", "unreachable", "unreachable", "It could not be reached, and why."),
    Key("cockpit.hold", "H", "hold", "hold", "Not now: what is planned waits.", 24),
    Key("cockpit.resume", "R", "resume", "resume", "What waits is planned again."),
    Key("cockpit.accept", "a", "accept", "accept", "Accept the open wave; the next one opens.", 23),
    Key("cockpit.back_out", "B", "back_out", "back out", "Put back what was there before, here or everywhere.", 25),
    Key("cockpit.add", "n", "add", "add", "Plan a wave, add an item to the build, plan a test.", 30),
    Key("cockpit.drop", "D", "drop", "drop", "Take it out of its wave, build or campaign, as long as nothing came of it."),
    Key("cockpit.passed", "p", "passed", "passed", "The test under the cursor passed.", 31),
    Key("cockpit.finish", "S", "finish", "finish, sign", "Finish the open build, or sign the campaign off.", 32),
    Key("cockpit.explain", "equals_sign", "explain", "check list", "Show what it has and what it lacks before it is ready."),
    Key("cockpit.tab_after", "right_square_bracket", "tab(1)", "next tab", "To the tab on the right.", 50),
    Key("cockpit.tab_before", "left_square_bracket", "tab(-1)", "tab before", "To the tab on the left."),
    Key("cockpit.journal", "t", "journal", "journal", "Open its record: what was told and done, from first to last.", 51),
    Key("cockpit.note", "x", "note", "note", "Write a note that only the desk reads."),
    Key("cockpit.edit", "e", "edit", "edit", "Change its fields.", 60),
    Key("cockpit.link", "l", "link", "link", "Link it to another record."),
    Key("cockpit.affects", "L", "affects", "affects", "Name a service or a CI that it affects, or take one away again."),
    Key("cockpit.copy", "y", "copy", "copy number", "Copy its number to your own clipboard."),
    *DELIVERY,
    Key("overview.worst", "w", "worst", "worst item", "Open the worst item of the system under the cursor.", 10),
    Key("overview.assessment", "m", "assessment", "maturity", "Assess how mature each system is, with the evidence.", 30),
    Key("assessment.keep", "K", "keep", "keep", "Keep this assessment, to compare later ones with it.", 20),
    Key("assessment.beside", "tab", "beside", "beside", "From the systems to the questions, and back.", 30),
    Key("replay.propose", "e", "propose", "propose", "Say what is proposed, for which period.", 10),
    Key("overview.list", "l", "list", "list", "List what the line is about.", 20),
    Key("jobs.run", "r", "run", "run now", "Run the job under the cursor once, now.", 10),
    Key("jobs.faults", "f", "faults", "set apart", "Show the records that the job could not work on.", 20),
    Key("admin.settings", "s", "settings", "desk settings", "Change the policy of the whole desk.", 10),
    Key("settings.edit", "e,enter", "edit", "change", "Change the setting under the cursor.", 10),
    Key("settings.reset", "R", "reset", "default", "Put the setting back to its default.", 20),
    Key("board.wall", "W", "wall", "wallboard", "Show the board large and without a cursor; again to work with it.", 40),
    Key("board.explain", "equals_sign", "explain", "explain", "Say what stands behind the figure under the cursor.", 30),
    Key("board.reviews", "v", "reviews", "reviews", "List the service reviews.", 31),
    Key("board.programme", "i", "programme", "improvements", "List the improvement programme, what is overdue first.", 32),
    Key("board.replay", "t", "replay", "what if", "Judge a past period by a proposed target or calendar.", 33),
    Key("board.left", "left", "beside(-1)", "tile before", "To the tile on the left."),
    Key("board.right", "right", "beside(1)", "next tile", "To the tile on the right."),
    Key("form.submit", "ctrl+s", "submit", "save", "Save what the form says.", 10, True, widget=True),
    Key("form.leave", "escape", "leave", "leave", "Close the choices, else leave: a draft is kept.", 20, True, widget=True),
    Key("form.choices", "down", "choose(1)", "choices", "Open the choices of a field; move down in them.", widget=True),
    Key("form.choices_up", "up", "choose(-1)", "choices up", "Move up in the choices of a field.", widget=True),
    Key("form.take", "enter", "take", "take the choice", "Take the choice; without one, go to the next field.", widget=True),
    Key("form.next_hint", "f2", "next_hint", "next hint", "Mark the next of the hints beside the form.", 40),
    Key("form.open_hint", "ctrl+o", "open_hint", "open it", "Open the record of the marked hint; the form stays.", 41),
    Key("form.workaround", "f6", "workaround", "workaround", "Apply the marked known error: link it, send its workaround.", 42),
    Key("form.cause", "f7", "cause", "caused by", "Name the change of the marked hint as the cause.", 43),
    Key("contact.attach", "ctrl+t,f3", "attach", "attach", "Attach the caller to the marked incident: one more is affected.", 30),
    Key("contact.answer", "ctrl+g,f4", "answer", "answered", "Answer with the marked article: its use is counted.", 31),
    Key("contact.request", "ctrl+r", "as_request", "request", "Log a service request instead of an incident.", 32),
    Key("contact.new_caller", "ctrl+n", "new_caller", "new caller", "Make somebody known who calls for the first time.", 33),
    Key("modal.save", "ctrl+s", "save", "save", "Do it.", 10, True),
    Key("modal.help", "f1", "app.desk_help", "help", "Say which keys do what here."),
    Key("modal.close", "escape", "close", "close", "Close without doing it; what was typed is kept.", 20, True),
    Key("ask.yes", "y,enter", "dismiss(True)", "yes", "Yes: do it.", widget=True),
    Key("ask.no", "n", "close", "no", "No: leave it.", widget=True),
    Key("choose.down", "down", "move(1)", "down", "To the next choice; letters narrow the choices.", widget=True),
    Key("choose.up", "up", "move(-1)", "up", "To the choice before.", widget=True),
    Key("write.template", "ctrl+t", "template", "template", "Begin with a text that is kept for such cases.", widget=True),
    Key("bulk.do", "enter,ctrl+s", "save", "do it", "Do it with all of them.", widget=True),
    Key("bulk.only_able", "o", "only_able", "only those that can", "Leave out those that refuse.", widget=True),
    Key("conflict.mine", "m", "pick(True)", "mine", "Let your value stand.", widget=True),
    Key("conflict.theirs", "t", "pick(False)", "theirs", "Let the other person's value stand.", widget=True),
    Key("conflict.toggle", "space", "other", "the other", "Turn the field under the cursor to the other value.", widget=True),
    Key("explain.next", "tab,right_square_bracket,right", "turn(1)", "next clock", "To the next clock.", widget=True),
    Key("explain.before", "left_square_bracket,left", "turn(-1)", "clock before", "To the clock before.", widget=True),
    Key("explain.down", "j,down", "scroll(1)", "down", "One line down.", widget=True),
    Key("explain.up", "k,up", "scroll(-1)", "up", "One line up.", widget=True),
    Key("explain.close", "q,enter,equals_sign", "close", "close", "Close the explanation.", widget=True),
    Key("page.down", "down,j", "scroll(1)", "down", "One line down.", widget=True),
    Key("page.up", "up,k", "scroll(-1)", "up", "One line up.", widget=True),
    Key("page.page_down", "pagedown,ctrl+d", "scroll(10)", "page down", "Ten lines down.", widget=True),
    Key("page.page_up", "pageup,ctrl+u", "scroll(-10)", "page up", "Ten lines up.", widget=True),
    Key("page.close", "q", "close", "close", "Close the page.", widget=True),
    Key("lines.down", "down,j", "scroll_down", "down", "One line down.", widget=True),
    Key("lines.up", "up,k", "scroll_up", "up", "One line up.", widget=True),
    Key("lines.half_down", "ctrl+d", "half(1)", "half page down", "Half a screen down.", widget=True),
    Key("lines.half_up", "ctrl+u", "half(-1)", "half page up", "Half a screen up.", widget=True),
    Key("lines.page_down", "pagedown", "page_down", "page down", "A screen down.", widget=True),
    Key("lines.page_up", "pageup", "page_up", "page up", "A screen up.", widget=True),
    Key("lines.first", "home,g", "scroll_home", "first", "To the first line.", widget=True),
    Key("lines.last", "end,G", "scroll_end", "last", "To the last line.", widget=True),
    Key("tabs.before", "left,h", "beside(-1)", "tab before", "To the tab on the left.", widget=True),
    Key("tabs.next", "right,l", "beside(1)", "next tab", "To the tab on the right.", widget=True),
    Key("tile.open", "enter,space", "choose", "open", "Open what the tile tells of.", widget=True),
    Key("help.close", "q,enter,question_mark,f1", "close", "close", "Close the list of keys.", widget=True),
    Key("trouble.again", "r,enter", "dismiss(True)", "try again", "Try to open the desk again.", widget=True),
    Key("trouble.plans", "p", "plans", "plans", "Read the continuity plans that are kept on this machine.", widget=True),
    Key("trouble.quit", "q,escape,ctrl+q", "dismiss(False)", "quit", "End the console.", widget=True),
)  # fmt: skip
"""All of them."""

BY_ID: Mapping[str, Key] = {key.id: key for key in KEYS}
"""By id."""

NAMES: Mapping[str, str] = {
    "slash": "/", "colon": ":", "question_mark": "?", "full_stop": ".", "minus": "-", "equals_sign": "=", "escape": "esc",
    "right_square_bracket": "]", "left_square_bracket": "[", "plus": "+", "pagedown": "pgdn", "pageup": "pgup",
    "greater_than_sign": ">", "less_than_sign": "<", "left": "←", "right": "→", "up": "↑", "down": "↓", "comma": ",",
    "asterisk": "*", "dollar_sign": "$",
}  # fmt: skip
"""How a person reads the keys that Textual spells out."""


def shown(key: str) -> str:
    """Return a key as a person reads it: `/`, `^s`, `esc`."""
    key = key.strip()
    if key in NAMES:
        return NAMES[key]
    return f"^{shown(key.removeprefix('ctrl+'))}" if key.startswith("ctrl+") else key


def bindings(*areas: str) -> list[BindingType]:
    """Return the bindings of some areas, for a screen's `BINDINGS`."""
    unknown = set(areas) - AREAS.keys()
    if unknown:
        raise ValueError(f"there are no keys for {sorted(unknown)}")
    return [
        Binding(key.keys, key.action, key.label, id=key.id, show=bool(key.footer), tooltip=key.help)
        for key in KEYS
        if key.area in areas and not key.widget
    ]


def sheet() -> str:
    """Return the key sheet as Markdown: docs/keys.md."""
    lines = [
        "# Keys",
        "",
        "Made from `screens/keys.py` by `python -m screens.keys`. To use other keys, name the id in `keys.toml` in your",
        'configuration folder (`deskterm` under `~/.config`, or `$DESKTERM_CONFIG`): `"ticket.take" = "t"`.',
        "Printable keys type inside a field and do nothing else there.",
    ]
    for area, title in AREAS.items():
        lines += ["", f"## {title}", "", "| key | does | id |", "| --- | --- | --- |"]
        for key in KEYS:
            if key.area == area:
                named = " ".join(f"`{shown(one)}`" for one in key.keys.split(","))
                lines.append(f"| {named} | {key.help} | `{key.id}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    from pathlib import Path

    Path("docs/keys.md").write_text(sheet(), encoding="utf-8")
