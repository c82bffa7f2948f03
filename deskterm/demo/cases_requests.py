"""What people ask for: devices, accounts, rights, numbers, moves."""

from __future__ import annotations

from deskterm.demo.case import APPLICATIONS, DATABASE, NETWORK, WORKPLACE, Case, Tale
from deskterm.demo.cast import CLINIC, FREIGHT, SHOPS

_PORTAL = ("portal", "portal", "mail", "phone")

_LAPTOPS = (
    Tale(
        ("New laptop for a colleague from the first", "Laptop for a new colleague"),
        ("Starts on the first. Standard, dock, two screens.",),
        ("From stock.", "Set up over night, name on the lid."),
        ("Handed over with dock and bag, signed.",),
    ),
    Tale(
        ("Replacement for a five year old laptop", "Laptop with a number pad, please"),
        ("It is five. In laptop years that is retirement.",),
        ("Delivery of the manufacturer announced for next week.",),
        ("Swapped on site, old machine wiped.",),
    ),
)
_ACCOUNTS = (
    Tale(
        ("Account for a new colleague", "Account for two trainees"),
        ("Form is attached, signed by personnel.",),
        ("Form complete.", "Groups taken from the predecessor after asking."),
        ("Account live, first password by call.",),
    ),
    Tale(
        ("Close the account of a colleague who has left",),
        ("Last day was Friday. Card is on my desk.",),
        ("Manager of the department has agreed.",),
        ("Account closed, mailbox to the deputy for 90 days.",),
    ),
    Tale(
        ("Change of name after the wedding",),
        ("New name, same person, happier.",),
        ("Copy of the certificate seen, not kept.",),
        ("Name changed everywhere, old address still works.",),
    ),
)
_FOLDERS = (
    Tale(
        ("Rights on folder 'Tenders'", "Read access to the duty rosters", "Access to the archive of 2019"),
        ("Read is enough. For now.", "Owner of the folder is copied and says yes."),
        ("Owner asked.", "Owner says yes, read only."),
        ("Added to the group, shows after sign-in.",),
    ),
    Tale(
        ("Group folder for the project 'New yard'", "Folder for the works council, closed"),
        ("Five people, list below.",),
        ("Name follows the rule, quota 50 GB.",),
        ("Folder made, five people in, owner named.",),
    ),
)
_BI = (
    Tale(
        ("Access to BI workspace", "Licence for the report builder"),
        ("As the colleague has it, please.",),
        ("Licence free: 3 of 40.",),
        ("Access given, shows tomorrow.",),
    ),
    Tale(
        ("Report of returns by shop", "Report of kilometres by lorry"),
        ("By week, since January. A line would be nice, a pie would not.",),
        ("Draft of the report sent for a look.",),
        ("Report published in the workspace and explained in ten minutes.",),
    ),
)
_TELEPHONES = (
    Tale(
        ("Extension for room 214", "Telephone for the new meeting room"),
        ("The room has a desk, a person and no telephone.",),
        ("Patched, tested.",),
        ("Extension live, directory updated.",),
    ),
    Tale(
        ("Forward the customer centre on Friday afternoon",),
        ("From Friday 13:00 until Monday 07:00, works outing.",),
        ("Set for Friday by timer.",),
        ("Forwarding set and taken back by timer.",),
    ),
    Tale(
        ("Second handset", "Handset for the night porter"),
        ("The one we have is always somewhere else.",),
        ("One left on the shelf.",),
        ("Handset handed over, charger as well.",),
    ),
)
_SOFTWARE = (
    Tale(
        ("Drawing suite for planning", "PDF editor"),
        ("For one project, six months.",),
        ("Licence bought, number on file.", "Package pushed, needs a restart."),
        ("Installed over night.",),
    ),
    Tale(
        ("Install the customs program", "Browser add-on for the tender portal"),
        ("Needed for the deadline on Thursday. Yes, this Thursday.",),
        ("Vendor's installer wants a name with eight letters. Found one.",),
        ("Installed together with the caller, opens.",),
    ),
)
_MOVES = (
    Tale(
        ("Move of four desks to the second floor", "Move of accounts to another house"),
        ("On Thursday after hours. Plants move themselves.",),
        ("Sockets patched the evening before.", "Two network ports short, ordered."),
        ("Moved, everybody worked at 07:30.",),
    ),
    Tale(
        ("Set up a meeting room with a camera",),
        ("Plan of the room is attached. The column is in the wrong place, that is known.",),
        ("Camera sees the column best.",),
        ("Room tested with a call to Hamburg.",),
    ),
)
_ROLES = (
    Tale(
        ("Role 'ward doctor' for ward 4", "Night cover role for two weeks"),
        ("Two weeks, from Monday.",),
        ("Ends by itself on the date.",),
        ("Role given until the date asked for.",),
    ),
    Tale(
        ("Reading right for quality management",),
        ("Agreed with data protection, mail attached.",),
        ("Data protection has agreed.",),
        ("Role given, tried with the caller.",),
    ),
)
_SCANNERS = (
    Tale(
        ("Two more scanners for the season", "Holster for scanners", "Spare batteries"),
        ("Season starts, as every year, to everybody's surprise.",),
        ("In stock: 1. Ordered: 4.",),
        ("Delivered with the van on Wednesday.",),
    ),
)
_EXTRACTS = (
    Tale(
        ("Extract of all customers in Saxony", "List of open orders for the auditor"),
        ("As a table, by Friday. The auditor likes commas.",),
        ("Query written, 4,118 rows, looks right.",),
        ("Extract put into the group folder, sender notified.",),
    ),
    Tale(
        ("Correct 312 addresses at once",),
        ("The list of corrections is attached and checked by four eyes.",),
        ("Tried on the copy first.",),
        ("Addresses corrected, list of old and new attached.",),
    ),
)

CASES = (
    Case(
        "Workplace", "hardware", WORKPLACE, _LAPTOPS, item="Laptop", weight=12, urgency=(2, 3, 3), at_once=0.0,
        waits_for="supplier", channels=_PORTAL, asks=("Does the colleague need the drawing suite? It costs a licence.",),
    ),
    Case(
        "Identity", "access", NETWORK, _ACCOUNTS, item="Account", weight=20, urgency=(2, 2, 3), at_once=0.2, channels=_PORTAL,
        asks=("The form lacks a signature; could you send it again?",),
    ),
    Case(
        "File shares", "access", WORKPLACE, _FOLDERS, item="Folder rights", weight=18, urgency=(3, 2), cis=("fs-0",),
        at_once=0.25,
        channels=_PORTAL, asks=("Who owns the folder? We need their yes before we open it.",),
    ),
    Case(
        "BI", "access", APPLICATIONS, _BI, item="BI workspace", weight=9, urgency=(3, 2), at_once=0.1, channels=_PORTAL,
        asks=("For how long, and who pays for the licence?",),
    ),
    Case(
        "Telephony", "telephony", NETWORK, _TELEPHONES, item="Telephone", weight=10, urgency=(3, 2), cis=("pbx-01",), at_once=0.2,
        channels=_PORTAL, asks=("Which number shall it show to the outside?",),
    ),
    Case(
        "Workplace", "software", WORKPLACE, _SOFTWARE, item="Software", weight=14, urgency=(2, 3), cis=("lt-",), at_once=0.3,
        channels=_PORTAL, asks=("May we restart the laptop at noon?",),
    ),
    Case(
        "Workplace", "hardware", WORKPLACE, _MOVES, item="Move", weight=6, impact=(3, 2), urgency=(3, 2), at_once=0.0,
        channels=_PORTAL, asks=("Which desk goes where? A drawing on a napkin is enough.",),
    ),
    Case(
        "Patient records", "access", APPLICATIONS, _ROLES, item="Role in records", customers=(CLINIC,), weight=11,
        urgency=(2, 1, 3), at_once=0.3, channels=_PORTAL, asks=("We need the yes of data protection with it.",),
    ),
    Case(
        "Scanning", "hardware", WORKPLACE, _SCANNERS, item="Scanner", customers=(FREIGHT, SHOPS), weight=6, urgency=(3, 2),
        at_once=0.1, waits_for="supplier", channels=_PORTAL, asks=("To which cost centre?",),
    ),
    Case(
        "ERP", "data", DATABASE, _EXTRACTS, item="Data extract", weight=7, urgency=(2, 3), cis=("db-erp-1",), at_once=0.0,
        channels=_PORTAL, asks=("With or without those who have left us?",),
    ),
)  # fmt: skip
