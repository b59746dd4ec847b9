"""Writes the calendars that core-api ships, from the two best sources; see .docs/ADR on calendars.

    python infra/scripts/generate_calendars.py            writes services/core-api/src/core_api/data/calendars/*.json
    python infra/scripts/generate_calendars.py --check    says whether they are what would be written now

B3's sessions come from exchange_calendars (`BVMF`), the bank days from bizdays (`ANBIMA`). Both bring pandas, so they are
needed here and in tests, never by a running service. The output depends on nothing but the installed data.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date, time, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bizdays
import exchange_calendars
import holidays

START = date(2000, 1, 1)
END = date(2035, 12, 31)
TARGET = Path(__file__).resolve().parents[2] / "services/core-api/src/core_api/data/calendars"
USUAL_OPENING = time(10, 0)
YEAR_END = "Último dia útil do ano, sem pregão"
OWN_NAMES = {(12, 24): "Véspera de Natal, sem pregão", (12, 31): YEAR_END, (12, 30): YEAR_END, (12, 29): YEAR_END}
SAO_PAULO = {
    (1, 25): "Aniversário de São Paulo",
    (7, 9): "Revolução Constitucionalista",
    (11, 20): "Consciência Negra",
}
ONE_OFF = {date(2014, 6, 12): "Abertura da Copa do Mundo em São Paulo"}


def weekdays() -> Iterator[date]:
    """Every Monday to Friday of the coverage."""
    for offset in range((END - START).days + 1):
        day = START + timedelta(days=offset)
        if day.isoweekday() <= 5:
            yield day


def b3() -> dict[str, Any]:
    """Sessions of the exchange, and when it opens late (Ash Wednesday, 13:00)."""
    # Without explicit bounds the calendar ends a year from today, and dates after it raise.
    calendar = exchange_calendars.get_calendar("BVMF", start=START.isoformat(), end=END.isoformat())
    sessions = {moment.date() for moment in calendar.sessions}
    closed = [day for day in weekdays() if day not in sessions]
    late: dict[str, str] = {}
    for moment in calendar.late_opens:
        opening = calendar.session_open(moment).tz_convert("America/Sao_Paulo").time()
        if opening != USUAL_OPENING:
            late[moment.date().isoformat()] = opening.strftime("%H:%M")
    return _document("B3", "B3: pregões", "exchange_calendars BVMF", "exchange_calendars", closed, late)


def anbima() -> dict[str, Any]:
    """Bank days, as ANBIMA publishes them."""
    calendar = bizdays.Calendar.load("ANBIMA")
    closed = [day for day in weekdays() if not calendar.isbizday(day)]
    return _document("ANBIMA", "ANBIMA: dias úteis bancários", "bizdays ANBIMA", "bizdays", closed, {})


def _document(
    code: str, name: str, source: str, package: str, closed: list[date], late: dict[str, str]
) -> dict[str, Any]:
    names = _names(closed)
    return {
        "code": code,
        "name": name,
        "version": version(package),
        "source": f"{source} {version(package)}",
        "coverage": {"start": START.isoformat(), "end": END.isoformat()},
        "holidays": [day.isoformat() for day in closed],
        "names": {day.isoformat(): names[day] for day in closed if day in names},
        "opens_at": late,
    }


def _names(closed: list[date]) -> dict[date, str]:
    years = range(START.year, END.year + 1)
    known = holidays.financial_holidays("BVMF", years=years, language="pt_BR")
    names: dict[date, str] = {}
    for day in closed:
        month_and_day = (day.month, day.day)
        name = ONE_OFF.get(day) or known.get(day) or SAO_PAULO.get(month_and_day) or OWN_NAMES.get(month_and_day)
        if name:
            names[day] = name
    return names


def render(document: dict[str, Any]) -> str:
    """Stable text: one holiday per line, so that a difference is readable in review."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def documents() -> dict[str, str]:
    """File name to content."""
    return {"b3.json": render(b3()), "anbima.json": render(anbima())}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is out of date")
    options = parser.parse_args()
    stale = [
        name
        for name, content in documents().items()
        if not (TARGET / name).is_file() or (TARGET / name).read_text(encoding="utf-8") != content
    ]
    if options.check:
        for name in stale:
            print(f"{name} is out of date: run python infra/scripts/generate_calendars.py", file=sys.stderr)
        return 1 if stale else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, content in documents().items():
        (TARGET / name).write_text(content, encoding="utf-8")
        print(
            f"{name}: {len(json.loads(content)['holidays'])} closed weekdays{'' if name in stale else ' (unchanged)'}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
