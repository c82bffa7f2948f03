"""Trouble at the desk, at the dock and on the ward: laptops, docks, printers, scanners."""

from __future__ import annotations

from deskterm.demo.case import WORKPLACE, Case, Tale
from deskterm.demo.cast import FREIGHT, SHOPS

_DOCKS = (
    Tale(
        ("Monitor flickers when docked", "Second screen flickers, about once a second"),
        (
            "Once the laptop sits in the dock the right screen flickers, about once a second. On its own it is fine.",
            "It flickers. The colleague beside me has the same dock and does not flicker.",
        ),
        ("Swapped the cable, still flickering after 10 min.", "Dock firmware is 1.0.8, the good one is 1.0.22."),
        ("Updated the firmware of the dock to 1.0.22 and set the screen to 60 Hz.",),
    ),
    Tale(
        ("Second screen stays black since this morning", "{ci}: external monitor not detected"),
        ("I have unplugged everything twice, as always. Still black.", "It worked on Friday. Yes, it is switched on."),
        ("Same with a dock from the shelf, so it is not the dock.", "Cable has a bent pin."),
        ("Cable with a bent pin replaced.", "Reinstalled the graphics driver, screens found at once."),
    ),
    Tale(
        ("Dock charges but shows no picture",),
        ("The light is on, the battery fills, the screens sleep.",),
        ("No picture with three cables and two monitors. It is the dock.",),
        ("Replaced the dock; the old one goes back with a sticker on it.",),
    ),
    Tale(
        ("Screens swap sides every time I come back from lunch",),
        ("Left is right and right is left. I have begun to eat at the desk.",),
        ("Both ports report the same name after standby.",),
        ("Moved one cable to the other port and set the order; survived a lunch.",),
    ),
)
_LAPTOPS = (
    Tale(
        ("Laptop {ci} does not switch on", "Laptop is dead"),
        (
            "Pressed the button for a count of twenty, nothing, no light. I need it at {clock}.",
            "Was in the car over night. I know.",
        ),
        (
            "Loan laptop handed out at the counter, ours needs a new board.",
            "Held the button for a minute without battery: nothing.",
        ),
        ("Board replaced by the manufacturer on site; data was not touched.",),
    ),
    Tale(
        ("Battery at 4 % after ten minutes", "Battery swells, table tilts"),
        ("Full in the morning, empty after coffee.", "The touchpad has become a hill."),
        ("Diagnosis finds the battery worn to 38 %.",),
        ("Battery replaced under warranty.",),
    ),
    Tale(
        ("Laptop is so loud the patients ask about it", "Laptop shuts down in the middle of a sentence"),
        ("It gets hot enough to warm my coffee, then it is gone. Please do not tell me to restart it, it does that by itself.",),
        ("Fan is full of flour.", "Fan is full of something that once was a rusk."),
        ("Fan cleaned, thermal paste renewed.",),
    ),
    Tale(
        ("Keyboard: the letter e comes twiice", "Coffee in the keyboard"),
        ("Twiice, or not at all.", "Black, no sugar. That is good, says my colleague."),
        ("Keyboard comes as one part with the lid, ordered.",),
        ("Keyboard replaced.",),
    ),
)
_PROGRAMS = (
    Tale(
        ("Spreadsheet freezes when opening the shift plan", "Shift plan takes four minutes to open"),
        ("The plan has 14 sheets and takes four minutes, then it says not responding. It is always the 14th that does it.",),
        ("Plan is 46 MB, 41 of them are pictures of a summer party.", "Looked on with remote help, could see it freeze."),
        ("Took the pictures out, with the owner's yes; opens in three seconds.",),
    ),
    Tale(
        ("Word processor closes without a word",),
        ("It closes. The text is gone, the mood as well.", "Since the update. Colleagues in the same room have no trouble."),
        ("Add-in of the old time recording was still loaded.",),
        ("Removed the old add-in, text recovered from the safe copy.",),
    ),
    Tale(
        ("PDF opens in the wrong program", "Links open in the browser nobody wants"),
        ("It did not ask me. It never asks me.",),
        ("Update has reset the default programs.",),
        ("Set the default program and showed where to find it.",),
    ),
    Tale(
        ("Office asks for a licence again", "'Product deactivated'"),
        ("A yellow bar. I have had a licence for nine years.", "It wants an account, I have two, it likes neither."),
        ("Two accounts on the machine, one of them from the job before.",),
        ("Old account removed, signed in again, bar is gone.",),
    ),
    Tale(
        ("Excel macro blocked since the update",),
        ("A yellow bar says my organisation blocks this. My organisation is me, I want to work.",),
        ("Macro is not signed, and that is what the update looks at.",),
        ("Signed the macro and put the folder on the trusted list.",),
    ),
)
_SLOW = (
    Tale(
        ("Laptop very slow since the update", "Everything takes a minute"),
        ("I make tea while it thinks. I have had a lot of tea today.",),
        ("Disk is 98 % full, downloads folder has 61 GB.",),
        ("Cleared the disk with the caller, downloads moved to the group folder.",),
    ),
    Tale(
        ("Update hangs at 37 %", "Do not switch off, it says, since {clock}"),
        ("It says do not switch off. I have a customer in front of me.",),
        ("Update was half installed, the other half is not in the cache.",),
        ("Finished the update by hand over lunch.",),
    ),
    Tale(
        ("Sign-in takes eleven minutes, I timed it",),
        ("Eleven, with a stopwatch. Three days in a row.",),
        ("Profile of 9 GB is copied at every sign-in.",),
        ("Redirected the profile folders; sign-in now takes 40 seconds.",),
    ),
)
_PRINTERS = (
    Tale(
        ("{ci} prints blanks", "White paper, nothing on it"),
        ("It takes the paper in, makes the noise and gives me white sheets. Very clean white sheets.",),
        ("Status page is white as well: drum is at the end.", "On the way with a new drum, back by {clock}."),
        ("Drum replaced.",),
    ),
    Tale(
        ("{ci}: paper jam that is not there", "Paper jam in tray 2"),
        ("The display says tray 2. There is no tray 2.", "I have looked everywhere. There is no paper. There never was."),
        ("Sensor sees something in the exit.",),
        ("Took a paper clip out of the rollers. It has joined the collection.",),
    ),
    Tale(
        ("Printer prints everything twice", "Nothing comes out of {ci}", "Queue full on {ci}"),
        ("Queue shows 34 jobs, the first one is from last week.", "First nothing, then everything, then everything again."),
        ("Queue was held by one job of 900 pages.",),
        ("Deleted the job of 900 pages and restarted the queue.",),
    ),
    Tale(
        ("Cannot find printer {ci}", "Printout comes out at the other end of the building"),
        ("I have moved to another room. My printer has not.",),
        ("Default printer follows the old room.",),
        ("Set the default printer by room again.",),
    ),
    Tale(
        ("Toner empty, and no, there is none on the shelf",),
        ("Shaken it. Twice.",),
        ("Three on stock at the counter.",),
        ("Toner brought along on the next round; two left on the shelf there.",),
    ),
)
_LABELS = (
    Tale(
        ("Label printer {ci} prints blanks", "Labels one line too low, scanner cannot read them"),
        (
            "Three lorries are waiting and I am writing labels by hand. My handwriting is not a barcode.",
            "Since the roll was changed. It is the right roll, I have the box in my hand.",
        ),
        ("Sensor was set to gap, these labels have a black mark.",),
        ("Calibrated to the new roll and saved it, so that it survives a power cut.",),
    ),
    Tale(
        ("Barcodes print but nobody can scan them", "Grey labels"),
        ("They look like barcodes. To the scanner they look like fog.",),
        ("Head is dirty.",),
        ("Print head cleaned with alcohol, test label read.",),
    ),
    Tale(
        ("Label printer offline", "{ci} has vanished since the power cut"),
        ("It is there, I can see it. The computer cannot.",),
        ("Printer had got a new address after the power cut.",),
        ("Fixed address restored, queue points there again.",),
    ),
)
_SCANNERS = (
    Tale(
        ("Scanner {ci} beeps but books nothing",),
        ("It beeps as if it had understood. It has not.",),
        ("App version is one behind, bookings wait in the device.",),
        ("App updated, bookings of the morning were in the buffer and came through.",),
    ),
    Tale(
        ("Two scanners log each other out", "Scanner throws me out every minute"),
        ("If I am in, he is out. We have four for the shift and two work.",),
        ("Both devices had been set up from one image, with one name.",),
        ("Renamed one of them and enrolled it anew.",),
    ),
    Tale(
        ("Handheld loses the wireless behind row 12",),
        ("Behind the racks with the water bottles there is no signal. None.",),
        ("Water is good against radio. The access point hangs on the wrong side.",),
        ("Access point moved to the end of the row, measured with bottles in place.",),
    ),
    Tale(
        ("Scanner frozen at the logo", "Scanner does not charge"),
        ("It shows who made it and nothing else.", "In the cradle since yesterday, lamp is dark."),
        ("Battery contacts are green.",),
        ("Contacts cleaned, battery exchanged.",),
    ),
)
_TILLS = (
    Tale(
        ("Till 3 does not take cards", "Card terminal not ready"),
        ("Queue to the door. Till 3 says terminal not ready. Tills 1 and 2 are fine, and loud.",),
        ("Terminal lost its pairing after the nightly restart.",),
        ("Paired the terminal again, test payment of one cent.",),
    ),
    Tale(
        ("Scales print yesterday's price", "Ham for the price of last week"),
        ("The scales sell ham for the price of the week before. Customers do not complain.",),
        ("Price file of last night did not arrive at this shop.",),
        ("Sent the price file again and checked five articles by phone.",),
    ),
    Tale(
        ("Customer display shows Chinese characters",),
        ("Two customers could read it. They say it is about a cable.",),
        ("Display fell back to its factory language after a power cut.",),
        ("Language set and locked.",),
    ),
)

CASES = (
    Case(
        "Workplace", "hardware", WORKPLACE, _DOCKS, weight=14, cis=("lt-",), article="Docking station shows no picture",
        asks=(
            "Could you plug the monitor straight into the laptop and tell us whether it still does it?",
            "Which number is on the sticker below the dock?",
        ),
    ),
    Case(
        "Workplace", "hardware", WORKPLACE, _LAPTOPS, weight=9, impact=(3, 3), urgency=(1, 2, 2), cis=("lt-",), at_once=0.12,
        waits_for="supplier",
        asks=("May we have the laptop for half a day? We bring a loan machine.", "Does it start when the charger is plugged in?"),
    ),
    Case(
        "Workplace", "software", WORKPLACE, _PROGRAMS, weight=16, cis=("lt-",), at_once=0.55,
        article="Office asks for a licence again",
    ),
    Case(
        "Workplace", "software", WORKPLACE, _SLOW, weight=12, cis=("lt-",), at_once=0.4,
        asks=("How much space is left on drive C? Right click, properties, the pie.",),
    ),
    Case(
        "Printing", "printing", WORKPLACE, _PRINTERS, weight=20, impact=(3, 3, 2), urgency=(2, 3, 2), cis=("prn-",), at_once=0.42,
        article="Printer prints blanks or nothing",
        asks=("Which number does the display show, top right?",),
    ),
    Case(
        "Printing", "printing", WORKPLACE, _LABELS, weight=11, impact=(2, 2, 3), urgency=(1, 2), cis=("prn-dock", "prn-dispatch"),
        customers=(FREIGHT,), at_once=0.3, channels=("phone", "chat"), tags=("dock",), article="Calibrate a label printer",
        asks=("Is there a black bar on the back of the roll?",),
    ),
    Case(
        "Scanning", "hardware", WORKPLACE, _SCANNERS, weight=10, impact=(2, 3, 3), urgency=(1, 2, 2), cis=("scan-",),
        customers=(FREIGHT, SHOPS), at_once=0.25, channels=("phone", "phone", "portal"),
        article="Scanner beeps but books nothing",
        asks=("Which name does the scanner show if you hold the blue key?",),
    ),
    Case(
        "Workplace", "hardware", WORKPLACE, _TILLS, weight=8, impact=(2, 2, 3), urgency=(1, 1, 2), customers=(SHOPS,),
        at_once=0.45,
        channels=("phone",), tags=("shop-floor",), article="Till does not take cards",
        asks=("Does it happen on the other tills as well?",),
    ),
)  # fmt: skip
