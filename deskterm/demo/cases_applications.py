"""Trouble in what people work with: ERP, payroll, reports, web shop, patient records, and the databases below them."""

from __future__ import annotations

from deskterm.demo.case import APPLICATIONS, DATABASE, Case, Tale
from deskterm.demo.cast import CLINIC, SHOPS

_ERP = (
    Tale(
        ("Order cannot be released", "Button 'Release' is grey"),
        ("The button is grey. I have the right, I had it yesterday, ask anybody.",),
        ("Release group lacks the new cost centre.", "Reproduced on the test system."),
        ("Cost centre added to the release group.",),
    ),
    Tale(
        ("Invoice {n} posted twice",),
        ("The customer has paid it twice as well. They noticed first.",),
        ("Two clicks, half a second apart.",),
        ("Double posting reversed with accounts.",),
    ),
    Tale(
        ("ERP says record locked by myself", "Order {n} locked by a user who went home"),
        ("Record is locked by the user I am. I have closed everything, including the window in my head.",),
        ("Lock left over from a session that died at 11:02.",),
        ("Lock removed, session ended.",),
    ),
    Tale(
        ("Stock shows minus {n} pallets",),
        ("We have sold what we never had, says the system.",),
        ("Goods receipt of Tuesday sits in the queue of the scanners.",),
        ("Receipt posted, stock is right again, counted twice.",),
    ),
    Tale(
        ("Delivery note without addresses",),
        ("Since the release at the weekend. The driver asks where to.",),
        ("Print form was missing a table after the release.",),
        ("Print form corrected, notes of the morning printed again.",),
    ),
)
_ERP_SLOW = (
    Tale(
        ("Month-end run takes all night",),
        ("It began at eight and ended at five. It used to end before the cleaners came.",),
        ("One step reads every posting since 2014, one by one.",),
        ("Step reads what it needs since the change; the run took forty minutes.",),
    ),
    Tale(
        ("Search for orders takes two minutes", "Search by customer takes for ever"),
        ("Searching by customer takes two minutes, by number it is instant. Both were instant last month.",),
        ("Statistics of the order table are three weeks old.", "Plan changed to a full scan on Tuesday night."),
        ("Statistics renewed, nightly job switched on again.", "Index on customer and date added by change."),
    ),
    Tale(
        ("ERP slow for everybody since {clock}",),
        ("Everybody, all sites. Coffee machine is crowded.",),
        ("One report holds 40,000 locks.",),
        ("Report ended, its author informed, kindly.",),
    ),
)
_PAYROLL = (
    Tale(
        ("Export to the bank refused",),
        ("The bank says the file is not signed. The file says it is.",),
        ("Certificate ran out on Sunday.",),
        ("Certificate of the bank renewed, file sent and taken.",),
    ),
    Tale(
        ("Payroll run stuck at step 3",),
        ("Step 3 of 7, for an hour. The bank closes at 16:00 on the 25th and so does my patience.",),
        ("Step 3 waits for a file lock on the export folder.",),
        ("Lock on the export folder released, run finished, sums checked with personnel.",),
    ),
    Tale(
        ("Employee missing in this month's run",),
        ("One person, of four hundred. It is always the one who checks.",),
        ("Entry date lies one day after the end of the period.",),
        ("Date corrected, run repeated for the one employee.",),
    ),
    Tale(
        ("Night bonus counted twice",),
        ("Nobody has complained so far, but they will be told.",),
        ("Rule of the night bonus applies to the changeover hour twice.",),
        ("Rule corrected, difference goes into the next run.",),
    ),
    Tale(
        ("Payslips without a logo", "Payslips with the logo of the neighbours"),
        ("It looks as if we were somebody else.",),
        ("Template was exchanged with that of another customer.",),
        ("Template put back, payslips of this month printed again.",),
    ),
)
_BI = (
    Tale(
        ("Sales report shows yesterday as zero", "Cube not refreshed"),
        ("Either nobody bought a thing yesterday or your report is wrong. I have a guess.",),
        ("Load of the night ended at step 14: file of shop 22 missing.",),
        ("File fetched and load repeated; figures are in.",),
    ),
    Tale(
        ("Two reports, two turnovers",),
        ("Board meeting at {clock}. Which one shall I lie with?",),
        ("One of the reports counts returns, the other does not.",),
        ("Explained the difference and put a footnote below both.",),
    ),
    Tale(
        ("Report mail did not come", "No report in the mail this Monday"),
        ("Every Monday at seven, but not this one.",),
        ("Job ran, found no recipients: the list was renamed.",),
        ("List corrected, mail job restarted.",),
    ),
)
_SHOP = (
    Tale(
        ("Checkout hangs after card payment", "Orders from {clock} on have no payment"),
        ("Customers pay, see the wheel and pay again. They write to us, in capitals.",),
        ("Payment service answers after 31 s, the shop gives up after 30.",),
        ("Time limit raised and orphaned payments matched with their orders.",),
    ),
    Tale(
        ("Slots for delivery not offered in Cottbus",),
        ("Since last night's release. Rollback, please, or a good story.",),
        ("Cache of slots not filled after the release.",),
        ("Slot cache filled, job watched.",),
    ),
    Tale(
        ("Vouchers refused",),
        ("The voucher says five euros, the shop says no.",),
        ("Rule compares the date as text; the tenth comes before the second.",),
        ("Voucher rule corrected; refused vouchers sent again.",),
    ),
    Tale(
        ("Search for milk finds paint",),
        ("Seen on telephones only.",),
        ("Reproduced on my own telephone. I now own milk. And paint.",),
        ("Weights set back to last week, telephones see what desktops see.",),
    ),
)
_SHOP_WATCH = (
    Tale(
        ("db-shop-1: replication lag 340 s", "shop-web-1: 5xx above 2 %"),
        ("Raised by monitoring. State WARNING, 3 of 3 checks.",),
        ("Log of slow queries shows one from the recommendation box.", "Autovacuum was off for the big table."),
        ("Housekeeping back on, lag 0.",),
    ),
    Tale(
        ("shop-pay-1: certificate expires in 7 days",),
        ("Raised by monitoring. Seven days sound like much.",),
        ("Renewal job skips this one, its name has a dash.",),
        ("Certificate renewed and put under the watch of the renewal job.",),
    ),
    Tale(
        ("db-shop-1: disk 91 %",),
        ("Raised by monitoring. Trend: full in two days.",),
        ("Old exports removed, 40 GB free.",),
        ("Exports older than a month are deleted weekly now.",),
    ),
)
_RECORDS = (
    Tale(
        ("Laboratory results missing", "Laboratory results missing on the ward"),
        ("Results of this morning are in the laboratory but not in the record. We ring them through, on paper, as in 1987.",),
        ("Interface engine held 212 messages behind a broken one.",),
        ("Broken message set aside, the rest delivered, ward confirmed.",),
    ),
    Tale(
        ("Patient shown twice", "Two records, one patient"),
        ("Two records, one patient, half the allergies in each. Please treat as urgent.",),
        ("Merge of records needs the clinic's own yes.",),
        ("Records merged after the clinic's yes, allergies checked by the ward.",),
    ),
    Tale(
        ("Pictures from radiology do not open", "X-ray shows the wheel"),
        ("The wheel turns. The patient waits.",),
        ("Pictures come from pacs-01, cache there is full.",),
        ("Cache cleared and doubled.",),
    ),
    Tale(
        ("Discharge letter prints the wrong ward",),
        ("Everybody goes home from ward 3, says the letter. Ward 3 is surprised.",),
        ("Template was copied from ward 3 and says so.",),
        ("Template of the letter corrected, letters of today printed again.",),
    ),
    Tale(
        ("Records slow", "Records slow on the ward since {clock}"),
        ("Each click takes ten seconds. A round has two hundred clicks.",),
        ("Report of quality management runs at noon instead of at midnight.",),
        ("Report moved to the night, with apologies.",),
    ),
)
_RECORDS_WATCH = (
    Tale(
        ("db-kis-1: backup failed",),
        ("Raised by monitoring. Backup of last night ended with error 11.",),
        ("Tape full, next one was not in.",),
        ("Backup repeated and a restore of one table tried.",),
    ),
    Tale(
        ("db-kis-1: sessions 480 of 500",),
        ("Raised by monitoring. State CRITICAL.",),
        ("Leaking connections from the report server.",),
        ("Report server limited to 40 sessions.",),
    ),
    Tale(
        ("db-kis-1: log archive 95 % full",),
        ("Raised by monitoring. State WARNING.",),
        ("Archive shares its volume with somebody's test copy.",),
        ("Archive moved to the larger volume.",),
    ),
)

CASES = (
    Case(
        "ERP", "software", APPLICATIONS, _ERP, weight=18, cis=("app-erp-",), at_once=0.25,
        article="ERP: record is locked by yourself",
        asks=("Could you send a picture of the whole screen, with the bar at the bottom?",),
    ),
    Case(
        "ERP", "software", DATABASE, _ERP_SLOW, weight=6, impact=(2, 1, 2), urgency=(1, 2), cis=("db-erp-1", "app-erp-"),
        at_once=0.0, waits_for="change",
    ),
    Case(
        "Payroll", "software", APPLICATIONS, _PAYROLL, weight=7, impact=(2, 2, 1), urgency=(1, 2), cis=("app-pay-", "db-pay-1"),
        at_once=0.12, article="Payroll on the 25th",
    ),
    Case(
        "BI", "data", APPLICATIONS, _BI, weight=11, urgency=(2, 3, 1), cis=("bi-",), at_once=0.22,
        article="BI: report shows zero for yesterday", asks=("Which report exactly? The name is at the bottom left, small.",),
    ),
    Case(
        "Web shop", "software", APPLICATIONS, _SHOP, weight=13, impact=(2, 2, 1, 3), urgency=(1, 2, 2), customers=(SHOPS,),
        cis=("shop-",), at_once=0.08, channels=("phone", "chat", "mail", "portal"),
        asks=("Do you have the number of one order that it happened to?",),
    ),
    Case(
        "Web shop", "software", DATABASE, _SHOP_WATCH, weight=10, impact=(2, 3, 2), urgency=(2, 1, 2), customers=(SHOPS,),
        cis=("db-shop-1",), at_once=0.0, channels=("monitoring",), tags=("monitoring",), waits_for="change",
    ),
    Case(
        "Patient records", "software", APPLICATIONS, _RECORDS, weight=17, impact=(2, 2, 1, 3), urgency=(1, 2, 2),
        customers=(CLINIC,), cis=("app-kis-",), at_once=0.15, channels=("phone", "phone", "portal", "chat"),
        article="Laboratory results missing in the record",
        asks=("We need one case number, and when you saw it last. No names, please.",),
    ),
    Case(
        "Patient records", "data", DATABASE, _RECORDS_WATCH, weight=6, impact=(2, 2), urgency=(1, 2), customers=(CLINIC,),
        cis=("db-kis-1",), at_once=0.0, channels=("monitoring",), tags=("monitoring",), waits_for="change",
    ),
)  # fmt: skip
