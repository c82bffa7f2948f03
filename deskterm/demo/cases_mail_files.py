"""Trouble with mail, calendars and files."""

from __future__ import annotations

from deskterm.demo.case import APPLICATIONS, WORKPLACE, Case, Tale

_MAIL = (
    Tale(
        ("Shared mailbox missing after migration", "info@ is gone"),
        ("The mailbox info@ was there on Friday. Seven people live in it.",),
        ("Permission group was not migrated.",),
        ("Group migrated, mailbox shows after restart of the program.",),
    ),
    Tale(
        ("Mail to the authority bounces", "My mails come back"),
        ("Bounces with 550 and a paragraph of English.",),
        ("Our sender address fails their check, record in DNS is old.",),
        ("Sender record corrected, test mail accepted.",),
    ),
    Tale(
        ("Calendar shows meetings an hour late", "Meeting at ten is at eleven"),
        ("I came an hour late. Twice. People begin to talk.",),
        ("Calendar is in the time zone of the last holiday.",),
        ("Time zone of the calendar set to Berlin.",),
    ),
    Tale(
        ("Mailbox full, again", "Cannot send, mailbox full"),
        ("I have deleted three mails. It is still full.",),
        ("Sent items hold 4 GB, mostly one video of a forklift.",),
        ("Archive switched on, 6 GB moved.",),
    ),
    Tale(
        ("Deleted folder 'Important'",),
        ("I have deleted the folder Important. It contained what the name says.",),
        ("Folder is still in the dumpster, 12 days left.",),
        ("Folder restored with 2,140 mails.",),
    ),
    Tale(
        ("Automatic reply of last summer is still on",),
        ("I am back since August. My mail is not.",),
        ("A rule on the server answers, not the program.",),
        ("Rule removed on the server.",),
    ),
)
_PHISHING = (
    Tale(
        ("Mail asks me to confirm my password", "Invoice with a zip file"),
        ("Looks real, smells wrong. I have touched nothing.",),
        ("Sender is registered since yesterday.",),
        ("Mail removed from all mailboxes, sender blocked.",),
    ),
    Tale(
        ("Strange mail from the 'management'",),
        ("It is from our managing director, who writes 'Dear costumer'. I have not clicked. I think.",),
        ("Four others have the same mail, none clicked.",),
        ("Mail removed from all mailboxes, sender blocked.",),
    ),
    Tale(
        ("Clicked on a parcel link",),
        ("I have clicked. Then I thought. Then I rang you.",),
        ("Sign-ins of the last hour checked, only from the usual places.",),
        ("Password changed and sessions ended; machine scanned, nothing found.",),
    ),
)
_QUEUE = (
    Tale(
        ("mailgate-01: queue above 500",),
        ("Raised by monitoring. Queue grows by 40 a minute.",),
        ("Marketing sends 22,000 mails in one go.",),
        ("Newsletter throttled to 50 a minute, marketing knows.",),
    ),
    Tale(
        ("mailgate-01: delivery takes an hour",),
        ("Raised by monitoring. Oldest mail in the queue: 61 minutes.",),
        ("Scanner process hangs on one attachment of 180 MB.",),
        ("Attachment set aside, queue empty after 9 minutes.",),
    ),
)
_FILES = (
    Tale(
        ("Overwrote the tender with an empty file", "File overwritten"),
        ("I saved the empty one over the full one. Eleven weeks of work. I have gone for a walk.",),
        ("Previous version of 02:00 exists.",),
        ("Restored from last night, caller has checked it and would like to marry us.",),
    ),
    Tale(
        ("Folder gone from drive P", "Folder 'Offers' has vanished"),
        ("It was here, now it is not. I have looked below, above and behind.",),
        ("Folder was dragged into the one below; happens.",),
        ("Folder moved back to where it was.",),
    ),
    Tale(
        ("No rights on folder 'Planning 2'", "Drive letters missing after sign-in"),
        ("On 'Planning 1' I have rights. On 'Planning 2' I have questions.", "Drive P was here. Drive Q looks lonely."),
        ("Account is in one group of two.",),
        ("Group added; shows after sign-in.",),
    ),
    Tale(
        ("File is open by a colleague on leave",),
        ("It says in use by a colleague who is on a boat.",),
        ("Handle on fs-01 is three days old.",),
        ("Handle closed.",),
    ),
)
_STORAGE = (
    Tale(
        ("fs-01: volume 2 at 94 %",),
        ("Raised by monitoring. State WARNING for 2 hours.",),
        ("Somebody keeps the films of the anniversary there, in four cuts.",),
        ("Films moved to the archive with their owner's yes, 71 % now.",),
    ),
    Tale(
        ("Backup of fs-02 did not run",),
        ("Raised by monitoring. Last good one: the night before.",),
        ("Job waits for a tape that is in the safe.",),
        ("Backup repeated by hand, job corrected.",),
    ),
    Tale(
        ("nas-backup-1: disk 5 predicts failure",),
        ("Raised by monitoring. It predicts; so far it is right.",),
        ("Disk ordered, hot spare has taken over.",),
        ("Disk swapped, rebuild finished.",),
    ),
)

CASES = (
    Case(
        "Mail", "mail", APPLICATIONS, _MAIL, weight=18, cis=("mail-0",), at_once=0.38, article="Shared mailbox does not show",
        asks=("Could you forward us one of them as an attachment, not as text?",),
    ),
    Case(
        "Mail", "mail", APPLICATIONS, _PHISHING, weight=9, impact=(3, 2, 3), urgency=(1, 2), cis=("mailgate-01",), at_once=0.5,
        tags=("phishing",), article="Somebody clicked: first ten minutes", channels=("phone", "mail", "mail", "chat"),
        asks=("Please send us the mail as an attachment, and leave the machine on.",),
    ),
    Case(
        "Mail", "mail", APPLICATIONS, _QUEUE, weight=6, impact=(2, 3), urgency=(2, 1), cis=("mailgate-01",), at_once=0.0,
        channels=("monitoring",), tags=("monitoring",), waits_for="change",
    ),
    Case(
        "File shares", "data", WORKPLACE, _FILES, weight=15, cis=("fs-0",), at_once=0.45, urgency=(2, 1, 2, 3),
        article="Restore a file or folder", asks=("What was it called, and when did you see it last?",),
    ),
    Case(
        "File shares", "data", WORKPLACE, _STORAGE, weight=6, impact=(2, 3), urgency=(2, 3), cis=("fs-0", "nas-backup-1"),
        at_once=0.0, channels=("monitoring",), tags=("monitoring",), waits_for="supplier",
        article="Monitoring says disk above 90 %",
    ),
)  # fmt: skip
