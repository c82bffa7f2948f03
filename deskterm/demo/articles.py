"""What the desk knows: how-tos as colleagues write them for colleagues, and a few for everybody."""

from __future__ import annotations

from typing import NamedTuple


class Article(NamedTuple):
    """One knowledge article."""

    title: str
    service: str
    category: str
    symptom: str
    body: str
    everybody: bool = False
    draft: bool = False


ARTICLES = (
    Article(
        "Docking station shows no picture",
        "Workplace",
        "hardware",
        "Second screen black or flickering in the dock, fine without it.",
        "1. Plug the monitor straight into the laptop. Fine? Then it is the dock.\n"
        "2. Read the firmware: Start, Dock Manager, About. 1.0.8 flickers above 60 Hz, 1.0.22 does not.\n"
        "3. Update only with the power supply in. It takes six minutes and the screen goes black twice: tell the caller before.\n"
        "4. Still black: other cable, then other dock from shelf B2. Put a sticker on the old one, or it comes back.",
    ),
    Article(
        "Office asks for a licence again",
        "Workplace",
        "software",
        "Yellow bar: product deactivated, or unlicensed product, although it worked yesterday.",
        "Sign out in File, Account; close every window; sign in again with the mail address, not with the login.\n"
        "If it comes back within a day, the machine has two accounts in Settings, Access work or school. Remove the old one.\n"
        "Seats: look at the licence CI before you promise one.",
    ),
    Article(
        "Printer prints blanks or nothing",
        "Printing",
        "printing",
        "White pages, or the queue is full and nothing moves.",
        "Queue first: open print-01, sort by time. One huge job at the top holds all others; delete it, not the queue.\n"
        "White pages on one printer: print the status page at the device. White as well: drum or toner. Not white: driver.\n"
        "After a driver change let the caller print to the end, not only one page.",
    ),
    Article(
        "Calibrate a label printer",
        "Printing",
        "printing",
        "Labels one line too low, blank labels in between, or 'gap not found' after a new roll.",
        "Look at the back of the roll: a black bar means MARK, none means GAP. The sensor must say the same.\n"
        "Hold FEED until the lamp blinks twice, let go, wait for three labels.\n"
        "Save with Config, Store. If you leave this out, the next power cut brings you back here.\n"
        "On the dock: write in the chat, they cannot hear the telephone.",
    ),
    Article(
        "VPN drops after a few minutes",
        "VPN",
        "network",
        "Connects, works for five or ten minutes, then the lock is grey. At home or in a hotel.",
        "Which gateway? Client, Details. If vpn-gw-2: set keep-alive to 20 s in the profile (Settings, Connection).\n"
        "If it drops at once: ask for the address of the caller's own network. 10.20.0.0/16 is ours as well and never works;\n"
        "the router at home must use another range, 192.168.178.0 is fine.\n"
        "More than three callers within ten minutes: stop helping one by one, tell the lead. That is a major in the making.",
    ),
    Article(
        "Register a DECT handset",
        "Telephony",
        "telephony",
        "Handset shows 'searching' or a foreign name after a swap or a wash.",
        "On pbx-01 find the ward, take the handset's place, press Enrol: open for two minutes.\n"
        "On the handset: Menu, 4, 2, code of the ward (in the safe of the shift).\n"
        "Call it from another handset AND from outside. For wards: test the alarm with them on the line, always.",
    ),
    Article(
        "Unlock an account and find what locks it",
        "Identity",
        "access",
        "Account locked, perhaps several times a day.",
        "Call back on the number on file. Not on the one that is showing.\n"
        "Unlock. Then look at dc-01, Security, 4740: it names the machine that locks.\n"
        "Nine times of ten it is the mail program of a telephone with the old password. Ask: 'And your private telephone?'\n"
        "Third time in a week: set a new password together and remove the stored ones on every device.",
    ),
    Article(
        "ERP: record is locked by yourself",
        "ERP",
        "software",
        "'Record is locked by user …', and it is the caller's own name.",
        "A session has died and left its lock. Transaction LOCKS, filter by user; look at the time.\n"
        "Older than the caller's present session: delete that one line. Younger: they have a second window, look together.\n"
        "Never delete locks of batch users. Payroll runs as one.",
    ),
    Article(
        "BI: report shows zero for yesterday",
        "BI",
        "data",
        "Turnover of yesterday is zero, or one region is missing.",
        "bi-etl-01, last night's log, first red line. Step 14 means a shop has not sent its file.\n"
        "Fetch it by hand (menu Shops, Fetch), then repeat from step 14. Never from step 1: it doubles the returns.\n"
        "Tell the caller when, not why: the load takes 25 minutes.",
    ),
    Article(
        "Laboratory results missing in the record",
        "Patient records",
        "software",
        "Laboratory has released them, the record does not show them.",
        "Urgent by nature, impact at least 2. Ask for ONE case number, no names by mail.\n"
        "Interface engine, queue LAB_IN: if it grows, one message holds up the rest. Copy it, set it aside, let the queue run.\n"
        "Then ring the ward and let them look. Then ring the laboratory. In this order.",
    ),
    Article(
        "Shared mailbox does not show",
        "Mail",
        "mail",
        "info@ or a team's mailbox is gone after migration or a change of department.",
        "Membership is by group SMB-<name>. Add the person there, never to the mailbox itself.\n"
        "Takes up to an hour, or at once after closing the program for real (see the tray).\n"
        "Sent mail lands in the wrong folder? Switch on 'copy to shared' for the mailbox.",
    ),
    Article(
        "Somebody clicked: first ten minutes",
        "Mail",
        "mail",
        "Caller has opened a link or an attachment and has a bad feeling. Praise the bad feeling.",
        "0. Stay friendly. Whoever is scolded does not call next time.\n"
        "1. Password entered? Change it now, end all sessions (Identity, Person, Sign out everywhere).\n"
        "2. Attachment opened? Network cable out, wireless off, machine stays ON.\n"
        "3. Incident with tag phishing, subject and sender of the mail in the description, mail as attachment.\n"
        "4. Applications takes the mail out of all mailboxes. Three or more callers: tell the lead.",
    ),
    Article(
        "Restore a file or folder",
        "File shares",
        "data",
        "Deleted, overwritten, moved by accident.",
        "Right click on the folder above, Previous versions: every hour for two days, 02:00 for 30 days.\n"
        "Restore BESIDE the old one, as '<name> restored', and let the caller compare.\n"
        "Older than 30 days: nas-backup-1, request to Database, takes a day.",
    ),
    Article(
        "Restore a file by yourself",
        "File shares",
        "data",
        "You have deleted or overwritten a file on a group drive.",
        "Right click on the folder in which it was, then 'Previous versions'. Choose a time before it happened and press Open,\n"
        "not Restore. Copy your file out of it. That is all, and nobody needs to know.",
        everybody=True,
    ),
    Article(
        "Your new telephone and the second factor",
        "Identity",
        "access",
        "You have a new telephone and the code is on the old one.",
        "While you still have the old one: portal, My account, Second factor, Add. Point the new telephone at the square.\n"
        "If the old one is gone, ring us. We call you back on the number we have on file; please be where that telephone is.",
        everybody=True,
    ),
    Article(
        "Printing in colour costs",
        "Printing",
        "printing",
        "Why is my printout grey?",
        "Group printers print grey unless you ask. Print dialogue, Preferences, Colour. It is counted, and it is fine.",
        everybody=True,
    ),
    Article(
        "What to do when a clinic system must be restarted",
        "Patient records",
        "software",
        "Restart of anything the wards use: records, pictures, alarm server.",
        "Never at 06:30, 14:30, 21:30: handover on the wards. Never without a yes from the house (list in the safe).\n"
        "Announce it as an announcement with an end. Ring the emergency room yourself: they do not read.\n"
        "Write down who said yes.",
    ),
    Article(
        "Major incident: the first half hour",
        "Network",
        "network",
        "More than ten people, more than one house, or somebody says so with authority.",
        "1. Lead declares it and names a commander. The commander does not fix anything.\n"
        "2. First public word within ten minutes, even if it is 'we do not know yet'. Then every 30.\n"
        "3. Children: hang them below, do not answer them one by one.\n"
        "4. Announcement for the callers' queue, so that the telephone stops.\n"
        "5. Afterwards the review: what, why so long, what we change. No names.",
    ),
    Article(
        "Nordlink: how to report a line fault",
        "Network",
        "network",
        "A line is down, slow or noisy, and our side is clean.",
        "Have ready: line number (CI, attribute), since when, light level, who is on site to open the door.\n"
        "Put the record to pending, reason supplier: their clock starts there. Write their fault number into a note.\n"
        "They call back on the night number, so the night shift must know.",
    ),
    Article(
        "Till does not take cards",
        "Workplace",
        "hardware",
        "Terminal says 'not ready' or 'not connected', mostly in the morning.",
        "Menu 0-5-1 on the terminal, code is the number of the shop twice. 'Pair', wait for the till to beep.\n"
        "One cent as a test, cancel it at once. If the second till is affected as well: it is the line, not the terminal.",
    ),
    Article(
        "Monitoring says disk above 90 %",
        "File shares",
        "data",
        "fs-01, fs-02, db-shop-1 and friends.",
        "Look for the biggest folder of the last week, not the biggest folder. It is films, exports or somebody's telephone.\n"
        "Delete nothing without its owner. Move it to the archive volume with their yes, in writing.\n"
        "The same volume for the third time: make it a problem, please.",
    ),
    Article(
        "First day of a new colleague",
        "Identity",
        "access",
        "Somebody starts and cannot sign in.",
        "Nearly always the start date in the personnel system. They correct it; the account is live ten minutes later.\n"
        "Until then: guest wireless and a coffee. Do not lend them your account. Do not.",
    ),
    Article(
        "Payroll on the 25th",
        "Payroll",
        "software",
        "Anything about payroll between the 22nd and the 25th.",
        "Impact is one higher than it looks. The bank takes files until 16:00 on the 25th (24th if that is a Saturday).\n"
        "Ring Applications, do not only assign. Nothing on db-pay-1 is restarted in these days without their lead.",
    ),
    Article(
        "Scanner beeps but books nothing",
        "Scanning",
        "hardware",
        "Handheld scanners in yard and shops.",
        "Look at the name on the screen (hold the blue key). Two scanners with one name log each other out.\n"
        "Bookings are kept in the device for a day: do NOT reset before they have gone through. Green arrow = gone.",
    ),
    Article(
        "Web shop: payment hangs",
        "Web shop",
        "software",
        "Customers see the wheel after paying, pay twice, write in capitals.",
        "shop-pay-1, page Latency. Above 25 s: tell Applications, do not wait for 30.\n"
        "Orphaned payments are matched every hour; before that nobody refunds by hand, or it happens twice.\n"
        "To be finished: how to tell the customers.",
        draft=True,
    ),
)
