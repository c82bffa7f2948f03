"""Trouble on the way: VPN, wireless, lines, telephones, names and passwords."""

from __future__ import annotations

from deskterm.demo.case import NETWORK, Case, Tale
from deskterm.demo.cast import CLINIC

_VPN = (
    Tale(
        ("VPN drops every ten minutes", "Thrown out of VPN again and again"),
        ("From home. Connects, works for ten minutes, then the little lock is grey. I have counted: always ten.",),
        ("Session ends on vpn-gw-2 with 'dead peer'. Not on vpn-gw-1.", "Moved the account to vpn-gw-1 for a test."),
        ("Keep-alive on the client set to 20 s.", "Pinned the account to vpn-gw-1 until the other one is patched."),
    ),
    Tale(
        ("VPN says wrong password, password is right",),
        ("I have typed it slowly, aloud, in front of a witness.",),
        ("Password had run out; the gateway says 'wrong' for both.",),
        ("New password set at the portal, connects.",),
    ),
    Tale(
        ("Cannot reach shares through VPN", "VPN connects, then nothing opens"),
        (
            "The web works, the shares do not. Yesterday they did.",
            "I am in a hotel. The hotel says it is us, you will say it is the hotel.",
        ),
        ("Caller's network has an address range that is ours as well.",),
        ("Connected through the telephone instead; for good it needs another address range over there.",),
    ),
    Tale(
        ("VPN client wants an update that I may not install",),
        ("It asks for an administrator. I am alone at home.",),
        ("Client 5.0, the push had missed this machine.",),
        ("Client 5.1 pushed, connects and stays.",),
    ),
)
_WIRELESS = (
    Tale(
        ("No wireless on the corridor", "Tablet loses the network between two rooms", "{ci} down"),
        ("The tablets on the trolley show the triangle from the lift to the last room. In the rooms it is fine.",),
        ("Access point is up but serves nobody: channel is busy.", "Power to the port was cut after the firmware update."),
        ("Channel fixed to 44, neighbours moved.", "Port power cycled and the budget of the switch raised."),
    ),
    Tale(
        ("Wireless crawls after 15:00",),
        ("After 15:00 everything is slow. That is when the visitors come, and their telephones.",),
        ("Guest network took 80 % of the air at 15:20.",),
        ("Guest network limited to 5 Mbit/s for each device.",),
    ),
    Tale(
        ("Wireless password no longer works",),
        ("It has worked for three years and the paper on the wall says the same.",),
        ("Password changes every quarter. The paper on the wall does not.",),
        ("Signed in with the own account, paper taken down.",),
    ),
)
_LINES = (
    Tale(
        ("{ci}: interface down", "{ci}: packet loss 12 %"),
        ("Raised by monitoring. State CRITICAL for 5 minutes, 3 of 3 checks.", "Raised by monitoring. Was OK for 41 days."),
        ("Optics show -28 dBm, that is dirt or a bend.", "Redundant path carries everything, nobody has noticed."),
        ("Fibre cleaned, -9 dBm again.", "Loose plug in the cabinet, tied down."),
    ),
    Tale(
        ("{ci}: power supply 2 failed",),
        ("Raised by monitoring. One of two; the other one carries on.",),
        ("Spare ordered, four hours says the contract, Thursday says the driver.",),
        ("Power supply swapped while running.",),
    ),
    Tale(
        ("Line to site Luckenau: latency 480 ms", "Line to Haus B: errors rising"),
        ("Raised by monitoring. State WARNING, 3 of 3 checks.",),
        ("Nordlink has been told, fault number follows.",),
        ("Carrier repaired a splice near Lübben.", "Carrier rerouted, 12 ms again."),
    ),
)
_TELEPHONES = (
    Tale(
        ("Callers hear us, we do not hear them", "Telephone rings once and dies"),
        ("They ring, we lift, silence. They can hear us say hello, hello. It is embarrassing.",),
        ("One-way audio: the firewall forgot the session after 30 s.",),
        ("Session timer of the border controller matched to the firewall.",),
    ),
    Tale(
        ("Handset does not register", "Handset shows 'searching'"),
        ("It shows 'searching'. So do we.",),
        ("Handset had been in the laundry. It is very clean.",),
        ("Handset registered anew and named.",),
    ),
    Tale(
        ("Call queue plays the announcement of last Christmas",),
        ("We wish everybody merry Christmas. It has been a while.",),
        ("Calendar of announcements repeats, nobody told it to stop.",),
        ("Announcement replaced, calendar of announcements emptied.",),
    ),
    Tale(
        ("Desk phone shows somebody else's name",),
        ("I am Mrs Paulsen now, says the telephone.",),
        ("Room was swapped, the directory was not.",),
        ("Phone assigned to the right person in the directory.",),
    ),
)
_ALARMS = (
    Tale(
        (
            "Emergency call button test failed on ward 5",
            "Pager of the reanimation team silent",
            "Alarm server cannot reach handsets",
        ),
        ("Weekly test at 06:30, no handset rang. Second test neither. Runners are posted.",),
        ("Alarm server queue is full of old messages.", "Test repeated with the ward, all eight handsets ring."),
        ("Queue emptied and capped; monitored from now on.", "Gateway restarted, ward confirmed a full test."),
    ),
)
_LOCKED = (
    Tale(
        ("Account locked", "Locked out again, third time this week", "Locked, after the holidays"),
        (
            "It says locked. I say Monday.",
            "I was away for three weeks and so was my password.",
            "Locked. I have done nothing. Really.",
        ),
        ("Identity checked by call-back to the number on file.", "Old password still stored in the telephone's mail program."),
        ("Unlocked; stored password removed from the telephone.", "Unlocked after call-back."),
    ),
    Tale(
        ("Password forgotten", "Password forgotten after the holidays"),
        ("I know that it had a number in it.", "The note is at home, as it should not be."),
        ("Identity checked by call-back to the number on file.",),
        ("Password set, to be changed at sign-in.",),
    ),
    Tale(
        ("Second factor is on the old telephone",),
        ("New telephone since Saturday, old one is in a drawer in Gdańsk.",),
        ("Called back on the desk number, manager confirms.",),
        ("Second factor enrolled on the new telephone after call-back.",),
    ),
    Tale(
        ("Card does not open the terminal", "Card reader blinks red"),
        ("It blinks red at me and green at everybody else.",),
        ("Chip is fine, certificate on it ran out at midnight.",),
        ("Card written again.",),
    ),
)
_RIGHTS = (
    Tale(
        ("New colleague cannot sign in on the first day",),
        ("She starts today, she sits here, she smiles. It is getting awkward.",),
        ("Personnel entered the start date as next year.",),
        ("Start date corrected with personnel, account live.",),
    ),
    Tale(
        ("Rights gone after my move to another department", "Folder says denied since the first"),
        ("Moved on the first. New folder says denied, old one says denied as well.",),
        ("Group of the old department removed, group of the new one never added.",),
        ("Added to the group of the department; effective after sign-in.",),
    ),
    Tale(
        ("Sign-in works on every machine but mine",),
        ("On the colleague's it works. She would like hers back.",),
        ("Machine has lost its trust, clock was four hours off.",),
        ("Clock set, machine joined again.",),
    ),
)

CASES = (
    Case(
        "VPN", "network", NETWORK, _VPN, weight=17, cis=("vpn-gw-",), at_once=0.4, article="VPN drops after a few minutes",
        asks=("Which address does your computer have when VPN is off? Type ipconfig, we need the line IPv4.",),
    ),
    Case("Network", "network", NETWORK, _WIRELESS, weight=13, impact=(2, 3, 3), urgency=(2, 2, 1), cis=("ap-",), at_once=0.15),
    Case(
        "Network", "network", NETWORK, _LINES, weight=12, impact=(2, 2, 1, 3), urgency=(1, 2, 2), cis=("sw-", "fw-edge-"),
        at_once=0.0, waits_for="supplier", channels=("monitoring",), code="third-party", tags=("monitoring",),
    ),
    Case(
        "Telephony", "telephony", NETWORK, _TELEPHONES, weight=11, impact=(3, 2, 3), cis=("dect-", "pbx-01", "sbc-1"),
        at_once=0.28,
        article="Register a DECT handset",
    ),
    Case(
        "Telephony", "telephony", NETWORK, _ALARMS, weight=2, impact=(1, 2), urgency=(1,), customers=(CLINIC,), cis=("dect-",),
        at_once=0.1, channels=("phone",),
    ),
    Case(
        "Identity", "access", NETWORK, _LOCKED, weight=30, impact=(3,), urgency=(1, 2, 2), cis=("dc-",), at_once=0.86,
        article="Unlock an account and find what locks it", channels=("phone", "phone", "phone", "walk-in", "chat"),
        asks=("On which number may we call you back? It must be one that we have on file.",),
    ),
    Case(
        "Identity", "access", NETWORK, _RIGHTS, weight=8, at_once=0.4, article="First day of a new colleague",
        asks=("Who is the manager of the department? We need one yes.",),
    ),
)  # fmt: skip
