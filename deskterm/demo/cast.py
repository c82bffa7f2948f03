"""Who is who: the customers, the people who call, the teams and the agents who answer."""

# ruff: noqa: RUF001 - Turkish names have a dotless i

from __future__ import annotations

from deskterm.demo.case import APPLICATIONS, DATABASE, DESK, NETWORK, SUPPLIER, WORKPLACE

CLINIC, FREIGHT, SHOPS, TOWN = "Havelland Kliniken", "Brandt & Söhne Logistik", "Spreewald Märkte", "Stadtwerke Luckenau"

ORGANISATIONS = (
    (CLINIC, "havelland-kliniken.example", "Three houses, open day and night. Gold; ring before you restart anything."),
    (FREIGHT, "brandt-logistik.example", "Hauliers with a yard in Wustermark. The dock runs on label printers and bad coffee."),
    (SHOPS, "spreewald-maerkte.example", "41 food shops and a web shop. Saturdays until noon are agreed, and they do call."),
    (TOWN, "stadtwerke-luckenau.example", "Water, power, swimming pool. Reading of meters in the first week of each month."),
)
"""Name, mail domain, and what every agent should know."""

PEOPLE = {
    CLINIC: (
        ("Maria Lopez", "Haus A, ward 3", "+49 30 23125-301", True, "Chief of medicine. Short sentences, no tickets by mail."),
        ("Dr. Stefan Wieland", "Haus A, theatre 2", "+49 30 23125-214", True, "Operates until 14:00; ring the theatre desk."),
        ("Anneliese Krüger", "Haus A, admissions", "+49 30 23125-110", False, ""),
        ("Bilal Demir", "Haus B, ward 7", "+49 30 23125-407", False, ""),
        ("Ewa Wiśniewska", "Haus B, pharmacy", "+49 30 23125-455", False, ""),
        ("Jule Hartwig", "Haus A, ward 5", "+49 30 23125-305", False, ""),
        ("Tobias Senf", "Haus C, radiology", "+49 30 23125-512", False, ""),
        ("Fatma Yıldız", "Haus A, laboratory", "+49 30 23125-140", False, ""),
        (
            "Karl-Heinz Noack",
            "Haus A, porter",
            "+49 30 23125-100",
            False,
            "Knows who has the keys. Night porter every other week.",
        ),
        ("Ingrid Mahlow", "Haus C, accounts", "+49 30 23125-620", False, ""),
        ("Quentin Aubry", "Haus B, ward 8", "+49 30 23125-408", False, ""),
        ("Sabine Thoma", "Haus A, emergency", "+49 30 23125-112", False, "If she says now, it is now."),
        ("Oluwaseun Adeyemi", "Haus A, ward 4", "+49 30 23125-304", False, ""),
        ("Renate Ziegler", "Haus C, personnel", "+49 30 23125-640", False, ""),
        ("Mark Fröhlich", "Haus B, physiotherapy", "+49 30 23125-470", False, ""),
        ("Lena Osterloh", "Haus A, management", "+49 30 23125-117", True, "Managing director's office."),
    ),
    FREIGHT: (
        ("Hank Scorpio", "Wustermark, office", "+49 40 66969-110", True, "Managing director. Very friendly until it is urgent."),
        ("Dörte Paulsen", "Wustermark, dispatch", "+49 40 66969-117", False, ""),
        ("Mirko Janssen", "Wustermark, dock 4", "+49 40 66969-124", False, "Loud hall: write, do not ring."),
        ("Agnieszka Nowak", "Wustermark, dispatch", "+49 40 66969-131", False, ""),
        ("Ralf Ebert", "Wustermark, dock 2", "+49 40 66969-138", False, ""),
        ("Silvia Conti", "Hamburg, customs", "+49 40 66969-145", False, ""),
        ("Uwe Brandt", "Wustermark, office", "+49 40 66969-152", True, "The older of the sons. Prints his mail."),
        ("Thandiwe Mokoena", "Hamburg, customs", "+49 40 66969-159", False, ""),
        ("Björn Askeland", "Wustermark, workshop", "+49 40 66969-166", False, ""),
        ("Jessica Pohl", "Wustermark, accounts", "+49 40 66969-173", False, ""),
        ("Pawel Zając", "Wustermark, dock 1", "+49 40 66969-180", False, ""),
        ("Irina Volkova", "Wustermark, personnel", "+49 40 66969-187", False, ""),
        ("Manfred Lüdecke", "Wustermark, gate", "+49 40 66969-194", False, ""),
        ("Cem Aydın", "Hamburg, sales", "+49 40 66969-201", False, ""),
    ),
    SHOPS: (
        (
            "Grit Lehmann",
            "Lübbenau, head office",
            "+49 221 4710-100",
            True,
            "Board. Wants the number of the ticket, then calls again.",
        ),
        ("Torsten Kuhl", "Lübben, shop 07", "+49 221 4710-110", False, ""),
        (
            "Yara Haddad",
            "Lübbenau, web shop",
            "+49 221 4710-230",
            False,
            "Web shop product owner; sees the orders drop before we do.",
        ),
        ("Detlef Schramm", "Cottbus, shop 19", "+49 221 4710-117", False, ""),
        ("Nadine Rösler", "Lübbenau, accounts", "+49 221 4710-141", False, ""),
        ("Viktor Hahn", "Vetschau, shop 12", "+49 221 4710-124", False, ""),
        ("Charlotte Dubois", "Lübbenau, marketing", "+49 221 4710-180", False, ""),
        ("Jens Piontek", "Cottbus, shop 22", "+49 221 4710-131", False, ""),
        ("Aylin Çelik", "Lübbenau, web shop", "+49 221 4710-231", False, ""),
        ("Heike Marschall", "Calau, shop 15", "+49 221 4710-138", False, ""),
        ("Robert O'Dell", "Lübbenau, purchasing", "+49 221 4710-160", False, ""),
        ("Mandy Schulze", "Lübben, shop 08", "+49 221 4710-145", False, ""),
        ("Eduard Klose", "Lübbenau, personnel", "+49 221 4710-120", False, ""),
        ("נועה לוי", "Lübbenau, web shop", "+49 221 4710-233", False, "Noa Levy; signs in Hebrew. Web shop design."),
        ("Kevin Bartsch", "Burg, shop 31", "+49 221 4710-152", False, ""),
    ),
    TOWN: (
        (
            "Dr. Petra Sommer",
            "Luckenau, town hall",
            "+49 69 90009-100",
            True,
            "Head of the works. Reads the monthly report to the last page.",
        ),
        ("Holger Wendt", "Luckenau, control room", "+49 69 90009-222", False, ""),
        ("Simone Adler", "Luckenau, customer centre", "+49 69 90009-310", False, ""),
        ("Matthias Groß", "Luckenau, metering", "+49 69 90009-340", False, ""),
        ("Xiaoyu Zhang", "Luckenau, planning", "+49 69 90009-260", False, ""),
        ("Gisela Raabe", "Luckenau, accounts", "+49 69 90009-150", False, ""),
        ("Florian Beck", "Waterworks", "+49 69 90009-410", False, ""),
        ("Dilara Kaya", "Luckenau, customer centre", "+49 69 90009-311", False, ""),
        ("Jürgen Tietz", "Swimming pool", "+49 69 90009-500", False, "Network closet is behind the chlorine. Do not breathe in."),
        ("Nele Brück", "Luckenau, personnel", "+49 69 90009-130", False, ""),
        ("Sönke Harms", "Depot", "+49 69 90009-440", False, ""),
        ("Ana Marković", "Luckenau, purchasing", "+49 69 90009-170", False, ""),
        ("Ludwig Stern", "Luckenau, archive", "+49 69 90009-190", False, ""),
        ("Paula Reinhold", "Luckenau, press", "+49 69 90009-105", False, ""),
    ),
}
"""By organisation: name, location, phone (of the ranges kept for films), VIP, and a note for agents."""

TEAMS = (
    (DESK, "first", "ada", "servicedesk@kiebitz-it.example", "Answers first, around the clock in three shifts."),
    (
        NETWORK,
        "second",
        "mei",
        "network@kiebitz-it.example",
        "Lines, switches, firewalls, telephony. One of the two is always on call.",
    ),
    (WORKPLACE, "second", "lukas", "workplace@kiebitz-it.example", "Laptops, printers, scanners, desks. Drives a van."),
    (APPLICATIONS, "second", "olga", "applications@kiebitz-it.example", "ERP, payroll, BI, web shop, patient records."),
    (DATABASE, "third", "sami", "dba@kiebitz-it.example", "Databases and backup. Asks for the query first."),
    (SUPPLIER, "supplier", "karin", "noc@nordlink.example", "Carrier of the lines; their desk answers day and night."),
)
"""Name, line, lead, mail address, note."""

AGENTS = (
    ("ada", "Ada Brandis", ("supervisor", "senior-agent"), (DESK,)),
    ("bob", "Bob Mertens", ("agent",), (DESK, WORKPLACE)),
    ("eve", "Eve Lindqvist", ("agent",), (DESK,)),
    ("jonas", "Jonas Kühn", ("senior-agent", "incident-manager"), (DESK,)),
    ("nina", "Nina Sørensen", ("senior-agent", "service-desk-manager"), (DESK,)),
    ("henrik", "Henrik Albrecht", ("agent", "service-level-manager", "financial-manager"), (DESK,)),
    ("mei", "Chou Mei-Ling", ("senior-agent", "capacity-manager"), (NETWORK,)),
    ("tarik", "Tarık Özdemir", ("agent", "availability-manager"), (NETWORK,)),
    ("lukas", "Lukáš Novák", ("senior-agent", "configuration-manager"), (WORKPLACE,)),
    ("samira", "Samira Benali", ("agent",), (WORKPLACE,)),
    ("olga", "Olga Petrowa", ("senior-agent", "problem-manager"), (APPLICATIONS, DATABASE)),
    ("piet", "Piet de Vries", ("agent", "release-manager"), (APPLICATIONS,)),
    ("grace", "Grace Okafor", ("agent", "change-manager"), (APPLICATIONS,)),
    ("sami", "Sami Rashid", ("senior-agent", "continuity-manager"), (DATABASE,)),
    ("karin", "Karin Kvist (Nordlink)", ("agent",), (SUPPLIER,)),
    ("zoe", "Zoé Lambert, audit", ("read-only",), ()),
    ("maria", "Maria Lopez", ("requester",), ()),
)
"""Login, name, roles, teams. The administrator is there before them."""

ADMINISTRATOR = ("otto", "Otto Reinke")

PAIRS = (("ada", "eve"), ("bob", "jonas"), ("nina", "henrik"))
"""Who shares a shift at the first line: the one who leads it, and the other."""
