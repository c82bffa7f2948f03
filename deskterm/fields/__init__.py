"""What a field of a record can be: its type says how it is read, checked, stored, shown, queried and offered in a form.

A kind is declared from these, and every face (form, column, command line, JSON, import, search, help) follows. pydantic does
the checking, behind one adapter per type built when first used, so that declaring hundreds of fields costs nothing at start.
"""

from deskterm.fields.answers import Answers, Asked
from deskterm.fields.base import FieldType, Named, Names
from deskterm.fields.decimals import PERCENT, Exact
from deskterm.fields.field import Field
from deskterm.fields.lists import Numbers, Structure, Words, as_list
from deskterm.fields.machines import Fqdn, Mac, Uuid
from deskterm.fields.money import Currency, Money, cents_of, show_cents
from deskterm.fields.references import Ref, Refs, ref
from deskterm.fields.scalars import TEXT_LIMIT, Choice, Flag, Number, Scale, Text, Whole, long_text, write_number
from deskterm.fields.times import Duration, Instant, parse_duration, show_duration

__all__ = [
    "PERCENT",
    "TEXT_LIMIT",
    "Answers",
    "Asked",
    "Choice",
    "Currency",
    "Duration",
    "Exact",
    "Field",
    "FieldType",
    "Flag",
    "Fqdn",
    "Instant",
    "Mac",
    "Money",
    "Named",
    "Names",
    "Number",
    "Numbers",
    "Ref",
    "Refs",
    "Scale",
    "Structure",
    "Text",
    "Uuid",
    "Whole",
    "Words",
    "as_list",
    "cents_of",
    "long_text",
    "parse_duration",
    "ref",
    "show_cents",
    "show_duration",
    "write_number",
]
