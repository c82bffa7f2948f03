"""What is looked after: the services, the configuration items behind them, and what depends on what."""

# ruff: noqa: RUF001 - Turkish names have a dotless i

from __future__ import annotations

from deskterm.demo.cast import CLINIC, SHOPS

SERVICES = (
    ("Workplace", "medium", "Lukáš Novák", "Laptops, docks, monitors and what runs on them."),
    ("Mail", "high", "Olga Petrowa", "Mailboxes, calendars, shared mailboxes, the gateway in front of them."),
    ("VPN", "high", "Chou Mei-Ling", "The way in from home, from shops and from lorries."),
    ("Network", "high", "Chou Mei-Ling", "Switches, wireless, lines between the sites."),
    ("Telephony", "high", "Tarık Özdemir", "Desk phones, DECT on the wards, the call queue of the customer centres."),
    ("Payroll", "critical", "Grace Okafor", "Monthly payroll of all customers; the bank closes at 16:00 on the 25th."),
    ("ERP", "critical", "Olga Petrowa", "Orders, stock, invoices, accounts."),
    ("BI", "medium", "Piet de Vries", "Reports and cubes, refreshed every night."),
    ("File shares", "medium", "Samira Benali", "Group folders, home folders, restore from last night."),
    ("Printing", "low", "Samira Benali", "Printers, label printers, the queue server."),
    ("Web shop", "critical", "Piet de Vries", "Food to the door; orders day and night."),
    ("Patient records", "critical", "Grace Okafor", "The clinics' records, laboratory results and pictures."),
    ("Scanning", "medium", "Bob Mertens", "Handheld scanners in yard and shops."),
    ("Identity", "high", "Tarık Özdemir", "Accounts, passwords, second factors, cards."),
)
"""Name, criticality, owner among the agents, description."""

OWNED = {"Web shop": SHOPS, "Patient records": CLINIC}
"""Services that serve one customer alone."""

VITAL = {
    "Patient records": ("Medication chart", "Laboratory results"), "Web shop": ("Take an order", "Pay"),
    "Payroll": ("Transfer to the bank by the 25th",),
}  # fmt: skip
"""By service: what the business cannot do without it."""
DOWNTIME = {
    "Payroll": "650.00", "ERP": "2400.00", "Web shop": "3100.00", "Patient records": "4800.00", "Network": "1900.00",
    "VPN": "700.00", "Telephony": "900.00",
}  # fmt: skip
"""What an hour without a service costs those who use it."""

HEAD, YARD, HALL = "Data centre Potsdam", "Wustermark", "Luckenau"

ITEMS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("network-device", "VPN", HEAD, ("vpn-gw-1", "vpn-gw-2")),
    ("network-device", "Network", HEAD, ("fw-edge-1", "fw-edge-2", "sw-core-1", "sw-core-2", "wlc-1")),
    ("network-device", "Network", YARD, ("sw-dock-1", "sw-dock-2", "sw-dock-4", "ap-yard-03")),
    ("network-device", "Network", "Haus A", ("sw-haus-a-1", "sw-haus-a-2", "ap-ward-03", "ap-ward-05")),
    ("network-device", "Network", "Haus B", ("sw-haus-b-1", "ap-ward-07")),
    ("network-device", "Network", HALL, ("sw-pool-1", "sw-works-1")),
    ("network-device", "Telephony", HEAD, ("sbc-1",)),
    ("server", "Telephony", HEAD, ("pbx-01",)),
    ("phone", "Telephony", "Haus A", ("dect-ward-3-01", "dect-ward-3-02", "dect-ward-5-01")),
    ("server", "Mail", HEAD, ("mail-01", "mail-02")),
    ("software", "Mail", HEAD, ("mailgate-01",)),
    ("application", "Payroll", HEAD, ("app-pay-01", "app-pay-02", "app-pay-03")),
    ("database", "Payroll", HEAD, ("db-pay-1", "db-pay-2")),
    ("application", "ERP", HEAD, ("app-erp-01", "app-erp-02")),
    ("database", "ERP", HEAD, ("db-erp-1",)),
    ("server", "BI", HEAD, ("bi-01", "bi-etl-01")),
    ("server", "File shares", HEAD, ("fs-01", "fs-02", "nas-backup-1")),
    ("server", "Printing", HEAD, ("print-01",)),
    ("printer", "Printing", YARD, ("prn-dock-1", "prn-dock-2", "prn-dock-4", "prn-dispatch")),
    ("printer", "Printing", "Haus A", ("prn-ward-3", "prn-ward-5", "prn-admissions")),
    ("printer", "Printing", "Lübbenau", ("prn-shop-07", "prn-accounts")),
    ("printer", "Printing", HALL, ("prn-customer-centre", "prn-plotter")),
    ("virtual-machine", "Web shop", HEAD, ("shop-web-1", "shop-web-2", "shop-pay-1")),
    ("database", "Web shop", HEAD, ("db-shop-1",)),
    ("application", "Patient records", HEAD, ("app-kis-01", "app-kis-02")),
    ("database", "Patient records", HEAD, ("db-kis-1",)),
    ("server", "Patient records", "Haus C", ("pacs-01",)),
    ("laptop", "Workplace", "Haus A", ("lt-2207", "lt-2211", "lt-2230")),
    ("laptop", "Workplace", YARD, ("lt-2304", "lt-2310", "lt-2318")),
    ("laptop", "Workplace", "Lübbenau", ("lt-2402", "lt-2415", "lt-2421")),
    ("laptop", "Workplace", HALL, ("lt-2503", "lt-2512")),
    ("workstation", "Workplace", "Haus C", ("ws-radio-1", "ws-radio-2")),
    ("workstation", "Scanning", YARD, ("scan-d1-1", "scan-d2-1", "scan-d4-1", "scan-d4-2")),
    ("workstation", "Scanning", "Lübben", ("scan-s07-1", "scan-s08-1", "scan-s08-2", "scan-s09-1", "scan-s09-2")),
    ("server", "Identity", HEAD, ("dc-01", "dc-02")),
    ("licence", "Workplace", "", ("Office suite, 620 seats", "Drawing suite, 12 seats")),
    ("document", "Network", "", ("Site plan Haus A", "Recovery plan data centre")),
)
"""Type, service, location, names."""

RELATIONS = (
    ("app-pay-01", "depends-on", "db-pay-1"),
    ("app-pay-02", "depends-on", "db-pay-1"),
    ("app-pay-03", "depends-on", "db-pay-1"),
    ("db-pay-2", "backs-up", "db-pay-1"),
    ("app-erp-01", "depends-on", "db-erp-1"),
    ("app-erp-02", "depends-on", "db-erp-1"),
    ("bi-01", "depends-on", "bi-etl-01"),
    ("bi-etl-01", "uses", "db-erp-1"),
    ("mail-01", "depends-on", "mailgate-01"),
    ("mail-02", "depends-on", "mailgate-01"),
    ("shop-web-1", "depends-on", "db-shop-1"),
    ("shop-web-2", "depends-on", "db-shop-1"),
    ("shop-web-1", "uses", "shop-pay-1"),
    ("shop-web-2", "uses", "shop-pay-1"),
    ("app-kis-01", "depends-on", "db-kis-1"),
    ("app-kis-02", "depends-on", "db-kis-1"),
    ("app-kis-01", "uses", "pacs-01"),
    ("vpn-gw-1", "connects-to", "fw-edge-1"),
    ("vpn-gw-2", "connects-to", "fw-edge-2"),
    ("fw-edge-1", "connects-to", "sw-core-1"),
    ("fw-edge-2", "connects-to", "sw-core-2"),
    ("sw-haus-a-1", "connects-to", "sw-core-1"),
    ("sw-haus-a-2", "connects-to", "sw-core-2"),
    ("sw-haus-b-1", "connects-to", "sw-core-1"),
    ("sw-dock-1", "connects-to", "sw-core-2"),
    ("sw-dock-4", "connects-to", "sw-dock-1"),
    ("ap-ward-03", "connects-to", "sw-haus-a-1"),
    ("ap-ward-05", "connects-to", "sw-haus-a-2"),
    ("ap-ward-07", "connects-to", "sw-haus-b-1"),
    ("pbx-01", "uses", "sbc-1"),
    ("prn-dock-4", "uses", "print-01"),
    ("prn-dock-1", "uses", "print-01"),
    ("prn-ward-3", "uses", "print-01"),
    ("fs-02", "backs-up", "fs-01"),
    ("nas-backup-1", "backs-up", "fs-01"),
    ("dc-02", "backs-up", "dc-01"),
)
"""From, relation, to."""
