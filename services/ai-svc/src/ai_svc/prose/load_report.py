"""A day's loads in one paragraph of Portuguese: counted, written by a template; a model's text is held to the facts."""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from ai_svc.prose.facts import names, names_of, numbers, numbers_of

MOST_NAMED: Final = 6
MOST_WORDS: Final = 220
_MOST_MESSAGE: Final = 160
_OK: Final = "SUCCEEDED"
_FAILED: Final = "FAILED"
_WORDS: Final[dict[str, str]] = {
    "CANCELLED": "cancelada",
    "SKIPPED": "ignorada",
    "PENDING": "ainda na fila",
    "QUEUED": "ainda na fila",
    "RECOVERY": "à espera de outra tentativa",
    "RUNNING": "ainda em execução",
}


@dataclass(frozen=True, slots=True)
class LoadWarning:
    """Something that a load warned of; `file` when it is about one."""

    code: str
    message: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """One execution of a load, as its result tells it."""

    routine: str
    title: str
    job: str
    status: str
    rows: int | None = None
    files: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    warnings: tuple[LoadWarning, ...] = ()
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The counts of a day."""

    loads: int
    succeeded: int
    clean: int
    with_warnings: int
    failed: int
    other: int
    warnings: int
    rows: int
    files: int
    missing: int


@dataclass(frozen=True, slots=True)
class DayReport:
    """What is known of a business date's loads."""

    business_date: date
    loads: tuple[Load, ...] = field(default=())

    @property
    def totals(self) -> Totals:
        succeeded = [one for one in self.loads if one.status == _OK]
        failed = [one for one in self.loads if one.status == _FAILED]
        warned = [one for one in succeeded if one.warnings]
        return Totals(
            loads=len(self.loads),
            succeeded=len(succeeded),
            clean=len(succeeded) - len(warned),
            with_warnings=len(warned),
            failed=len(failed),
            other=len(self.loads) - len(succeeded) - len(failed),
            warnings=sum(len(one.warnings) for one in self.loads),
            rows=sum(one.rows or 0 for one in self.loads),
            files=len({name for one in self.loads for name in one.files}),
            missing=len(_missing(self)),
        )


def brazilian(day: date) -> str:
    """A date as people in Brazil write it."""
    return day.strftime("%d/%m/%Y")


def grouped(number: int) -> str:
    """A number with its thousands parted."""
    return f"{number:,}".replace(",", ".")


def paragraph(report: DayReport) -> str:
    """One paragraph that says what was loaded, what is missing, and what warns. Every count and name is the data's."""
    on, totals = brazilian(report.business_date), report.totals
    if not report.loads:
        return f"Em {on} não houve cargas da B3 e da CVM na fila."
    parts = [_headline(on, totals), _loaded(report, totals), _missing_files(report), _warnings(report)]
    parts += [_failures(report), _others(report)]
    return " ".join(part for part in parts if part)


def described(report: DayReport) -> list[str]:
    """The facts as texts, one for the totals and one for each load: what a model is given."""
    totals = report.totals
    head = (
        f"Totais: {totals.loads} cargas; {totals.clean} sem avisos; {totals.with_warnings} com avisos; "
        f"{totals.failed} com falha; {totals.other} não concluídas; {totals.warnings} avisos; "
        f"{grouped(totals.rows)} linhas carregadas; {totals.missing} arquivos em falta."
    )
    texts = [head]
    for load in report.loads:
        lines = [f"Rotina {load.routine} (comando {load.job}): {load.status}."]
        if load.rows is not None:
            lines.append(f"Linhas: {grouped(load.rows)}.")
        if load.files:
            lines.append(f"Arquivos: {', '.join(load.files)}.")
        if load.missing:
            lines.append(f"Em falta: {', '.join(load.missing)}.")
        lines += [f"Aviso {one.code}: {_short(one.message)}" for one in load.warnings]
        if load.error_code:
            lines.append(f"Erro {load.error_code}: {_short(load.error_message or '')}")
        texts.append("\n".join(lines))
    return texts


def objection(text: str, report: DayReport) -> str | None:
    """Why a text cannot stand for the report: a number or a name that is not the data's, or something left out."""
    facts = [asdict(report.totals), [asdict(load) for load in report.loads], brazilian(report.business_date)]
    by_routine = [len(load.warnings) for load in report.loads]
    counts = [*by_routine, *Counter(one.code for load in report.loads for one in load.warnings).values()]
    counts += [len(load.files) for load in report.loads] + [len(load.missing) for load in report.loads]
    counts += [count for load in report.loads for count in Counter(one.code for one in load.warnings).values()]
    known = [*facts, counts, report.business_date.isoformat(), "B3 CVM"]
    problems = (
        ("not one paragraph", not text.strip() or "\n" in text.strip()),
        ("too long", len(text.split()) > MOST_WORDS),
        ("a number that the data does not have", bool(numbers(text) - numbers_of(known))),
        ("a name that the data does not have", bool(names(text) - names_of(known))),
        ("without the date", brazilian(report.business_date) not in text),
        ("a count that is another one's", _miscounted(text, report.totals)),
        ("a failure or a missing file is left out", _leaves_out(text, report)),
    )
    return next((problem for problem, there in problems if there), None)


def one_paragraph(text: str) -> str:
    """A text without line breaks and without marks of headings and lists."""
    return re.sub(r"\s+", " ", re.sub(r"(?m)^\s*(?:#+|[-*•])\s+", "", text)).strip()


def _miscounted(text: str, totals: Totals) -> bool:
    """Whether a count of the day stands beside a word that it does not belong to."""
    for pattern, true_count in (
        (r"(\d+) (?:cargas? )?falh", totals.failed),
        (r"(\d+) (?:cargas? )?(?:terminaram|terminou|concluíd[ao]s?)? ?sem avisos?", totals.clean),
        (r"(\d+) (?:cargas? )?(?:terminaram|terminou|concluíd[ao]s?)? ?com avisos?", totals.with_warnings),
        (r"(?:das|as|foram|houve) (\d+) cargas\b", totals.loads),
        (r"(?:houve|total de) (\d+) avisos", totals.warnings),
        (r"(\d+) arquivos (?:em falta|faltaram|ausentes)", totals.missing),
    ):
        if any(int(found) != true_count for found in re.findall(pattern, text, re.IGNORECASE)):
            return True
    return False


def _leaves_out(text: str, report: DayReport) -> bool:
    wanted = [*(one.routine for one in report.loads if one.status == _FAILED), *_missing(report)]
    return len(wanted) <= 2 * MOST_NAMED and any(name not in text for name in wanted)


def _missing(report: DayReport) -> set[str]:
    said = {name for load in report.loads for name in load.missing}
    return said | {one.file for load in report.loads for one in load.warnings if one.file}


def _headline(on: str, totals: Totals) -> str:
    ends = []
    if totals.clean:
        ends.append(f"{totals.clean} {_plural(totals.clean, 'terminou', 'terminaram')} sem avisos")
    if totals.with_warnings:
        ends.append(f"{totals.with_warnings} {_plural(totals.with_warnings, 'terminou', 'terminaram')} com avisos")
    if totals.failed:
        ends.append(f"{totals.failed} {_plural(totals.failed, 'falhou', 'falharam')}")
    if totals.other:
        ends.append(f"{totals.other} não {_plural(totals.other, 'foi concluída', 'foram concluídas')}")
    loads = f"{totals.loads} {_plural(totals.loads, 'carga', 'cargas')}"
    return (
        f"Em {on}, das {loads} da B3 e da CVM, {_listed(ends)}."
        if totals.loads > 1
        else (f"Em {on}, a única carga da B3 e da CVM {_listed([end.split(' ', 1)[1] for end in ends])}.")
    )


def _loaded(report: DayReport, totals: Totals) -> str:
    loaded = [one for one in report.loads if one.rows]
    if not totals.rows:
        return ""
    shown = [f"{grouped(one.rows or 0)} por {one.routine}" for one in loaded[:MOST_NAMED]]
    more = len(loaded) - MOST_NAMED
    tail = [f"o resto por outras {more}"] if more > 0 else []
    verb = _plural(totals.rows, "Foi carregada", "Foram carregadas")
    said = f"{verb} {grouped(totals.rows)} {_plural(totals.rows, 'linha', 'linhas')}"
    return f"{said} ({_listed([*shown, *tail])})." if len(loaded) > 1 else f"{said} por {loaded[0].routine}."


def _missing_files(report: DayReport) -> str:
    missing = sorted(_missing(report))
    if not missing:
        return ""
    verb = _plural(len(missing), "Faltou o arquivo", f"Faltaram {len(missing)} arquivos:")
    return f"{verb} {_some(missing)}."


def _warnings(report: DayReport) -> str:
    said = []
    for load in (one for one in report.loads if one.warnings):
        codes = Counter(one.code for one in load.warnings)
        messages = {one.code: _short(one.message) for one in reversed(load.warnings)}
        told = [
            f"{code}{f' ({count} vezes)' if count > 1 else ''}, “{messages[code]}”" for code, count in codes.items()
        ]
        said.append(f"{load.routine} avisou {_listed(told)}")
    if not said:
        return ""
    total = sum(len(one.warnings) for one in report.loads)
    shown = said[:MOST_NAMED]
    rest = len(said) - len(shown)
    tail = f"; e mais {rest} {_plural(rest, 'rotina', 'rotinas')} com avisos" if rest else ""
    return f"{_plural(total, 'Houve 1 aviso', f'Houve {total} avisos')}: {'; '.join(shown)}{tail}."


def _failures(report: DayReport) -> str:
    failed = [one for one in report.loads if one.status == _FAILED]
    if not failed:
        return ""
    said = [f"{one.routine}, com {one.error_code or 'erro'}{_reason(one.error_message)}" for one in failed[:MOST_NAMED]]
    rest = len(failed) - len(said)
    tail = f"; e mais {rest}" if rest else ""
    return f"{_plural(len(failed), 'Falhou', 'Falharam')} {'; '.join(said)}{tail}."


def _others(report: DayReport) -> str:
    others = [one for one in report.loads if one.status not in {_OK, _FAILED}]
    if not others:
        return ""
    said = [f"{one.routine} ({_WORDS.get(one.status, one.status)})" for one in others[:MOST_NAMED]]
    rest = len(others) - len(said)
    tail = [f"outras {rest}"] if rest else []
    verb = _plural(len(others), "Não foi concluída", "Não foram concluídas")
    return f"{verb} {_listed([*said, *tail])}."


def _reason(message: str | None) -> str:
    return f": “{_short(message)}”" if message else ""


def _short(message: str) -> str:
    plain = re.sub(r"\s+", " ", message).strip().rstrip(".").replace("“", "'").replace("”", "'")
    return plain if len(plain) <= _MOST_MESSAGE else plain[:_MOST_MESSAGE].rsplit(" ", 1)[0] + "…"


def _some(found: list[str]) -> str:
    shown = found[:MOST_NAMED]
    rest = len(found) - len(shown)
    return _listed([*shown, f"outros {rest}"] if rest else shown)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} e {parts[-1]}" if parts else ""


def _plural(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def as_facts(report: DayReport) -> dict[str, Any]:
    """The counts of a report, for programs."""
    return asdict(report.totals)
