"""Public holidays of a country and region, written out when a calendar is saved: what was judged by them never moves afterwards.

A calendar's `holidays` may be `{"country": "DE", "region": "BB", "years": [2026, 2027]}`, with days of one's own beside it
(`"2026-12-24": "closed"`), and the `language` of the names where it is not the country's own. It is replaced by its dates and
their names, as the package `holidays` knows them on that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deskterm.errors import InvalidInput, repeated

FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_YEARS = 30
_ASKS = ("country", "region", "years", "language")


def is_asked(given: object) -> bool:
    """Say whether a calendar's holidays are those of a country, still to be written out."""
    return isinstance(given, Mapping) and "country" in given


def written_out(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the holidays by date, with their names; those of one's own prevail.

    Raises:
        InvalidInput: the country, region, language or a year is not one.
    """
    from holidays import country_holidays, list_supported_countries  # late: it knows the whole world

    country, region = given["country"], given.get("region")
    known = list_supported_countries(include_aliases=False)
    if not isinstance(country, str) or country not in known:
        raise _refuse(f"has an unknown country {repeated(country)}; write its ISO 3166 code, such as DE")
    if region is not None and region not in known[country]:
        there = ", ".join(known[country]) or "none"
        raise _refuse(f"has an unknown region {repeated(region)}; {country} has {there}")
    years, language = _years(given.get("years")), given.get("language")
    usual = country_holidays(country)
    spoken = usual.supported_languages
    if language is not None and language not in spoken:
        raise _refuse(f"has no names in {repeated(language)}; {country} has {', '.join(spoken) or 'one language only'}")
    found = country_holidays(country, subdiv=region, years=years, language=language or usual.default_language)
    own = {day: name for day, name in given.items() if day not in _ASKS}
    return {**{day.isoformat(): name for day, name in sorted(found.items())}, **own}


def _years(given: object) -> list[int]:
    rule = f'needs "years": a list of up to {MOST_YEARS} from {FIRST_YEAR} to {LAST_YEAR}, such as [2026, 2027]'
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_YEARS:
        raise _refuse(rule)
    years = [year for year in given if isinstance(year, int) and not isinstance(year, bool) and FIRST_YEAR <= year <= LAST_YEAR]
    if len(years) != len(given):
        raise _refuse(rule)
    return years


def _refuse(rule: str) -> InvalidInput:
    return InvalidInput(f"holidays {rule}", fields={"holidays": rule})
