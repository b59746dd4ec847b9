"""A team keeps its routines in git: export, plan, apply (DESIGN, section 5)."""

from typing import Any

import httpx
import pytest
import yaml

URL = "/api/v1/definitions"
YAML = {"Content-Type": "application/yaml"}

DOCUMENT = """\
version: 1
pools:
  - name: b3
    slots: 2
    description: Duas conexões à B3
day_groups:
  - name: Pregões
    calendar_code: B3
    rule:
      exclude: [2026-12-24]
routines:
  - name: load
    title: Carregar
    job: demo.load
    trigger: {type: times, times: [20:45]}
    depends_on:
      - download
      - {routine: reference, day_offset: -1, on_failure: run}
  - name: download
    title: Baixar
    job: demo.download
    trigger: {type: cron, expression: "*/15 18-20 * * 1-5"}
    day_group: Pregões
    pool: b3
    priority: 5
    tags: [noite]
    deadline: {time: 07:30, day_offset: 1}
  - name: reference
    title: Referência
    job: demo.reference
    trigger: {type: manual}
"""


async def post(client: httpx.AsyncClient, verb: str, text: str, **params: Any) -> httpx.Response:
    return await client.post(
        f"{URL}/{verb}", content=text.encode(), headers=YAML, params={"allow_unknown_job": True} | params
    )


async def accepted(client: httpx.AsyncClient, verb: str, text: str, **params: Any) -> dict[str, Any]:
    answer = await post(client, verb, text, **params)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def actions(plan: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {(change["kind"], change["name"]): change["action"] for change in plan["changes"]}


async def exported(client: httpx.AsyncClient) -> str:
    answer = await client.get(URL)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/yaml")
    return answer.text


async def test_a_plan_tells_everything_and_changes_nothing(as_admin: httpx.AsyncClient) -> None:
    plan = await accepted(as_admin, "plan", DOCUMENT)
    assert plan["applied"] is False
    assert plan["counts"] == {"create": 5, "update": 0, "delete": 0, "unchanged": 0}
    order = [change["name"] for change in plan["changes"]]
    assert order.index("download") < order.index("load"), "upstreams come first, wherever the document has them"
    assert [change["line"] for change in plan["changes"] if change["name"] == "load"] == [12]
    assert "download" not in await exported(as_admin)


async def test_applying_makes_it_so_and_a_second_time_changes_nothing(as_admin: httpx.AsyncClient) -> None:
    first = await accepted(as_admin, "apply", DOCUMENT)
    assert (first["applied"], first["counts"]["create"]) == (True, 5)
    second = await accepted(as_admin, "apply", DOCUMENT)
    assert second["counts"] == {"create": 0, "update": 0, "delete": 0, "unchanged": 5}
    routines = (await as_admin.get("/api/v1/routines")).json()["data"]
    load = next(routine for routine in routines if routine["name"] == "load")
    assert [(edge["name"], edge["day_offset"], edge["on_failure"]) for edge in load["depends_on"]] == [
        ("download", 0, "wait"),
        ("reference", -1, "run"),
    ]
    assert load["version"] == 1, "an unchanged routine is not touched"


async def test_the_export_applied_again_changes_nothing_and_names_no_ids(as_admin: httpx.AsyncClient) -> None:
    await accepted(as_admin, "apply", DOCUMENT)
    text = await exported(as_admin)
    assert yaml.safe_load(text)["routines"][0]["deadline"] == {"time": "07:30", "day_offset": 1}
    plan = await accepted(as_admin, "plan", text)
    assert set(actions(plan).values()) == {"unchanged"}
    assert yaml.safe_load(text)["routines"][1]["depends_on"] == [
        "download",
        {"routine": "reference", "day_offset": -1, "on_failure": "run"},
    ]
    assert yaml.safe_load(text)["day_groups"] == [
        {"name": "Pregões", "calendar_code": "B3", "rule": {"exclude": ["2026-12-24"]}}
    ]
    assert "day_group_id" not in text
    assert "max_recoveries" not in text, "what has its default is left out"


async def test_an_update_names_the_fields_with_before_and_after(as_admin: httpx.AsyncClient) -> None:
    await accepted(as_admin, "apply", DOCUMENT)
    plan = await accepted(
        as_admin, "plan", DOCUMENT.replace("priority: 5", "priority: 7").replace("slots: 2", "slots: 1")
    )
    changed = {change["name"]: change["fields"] for change in plan["changes"] if change["action"] == "update"}
    assert changed == {
        "b3": [{"field": "slots", "before": 2, "after": 1}],
        "download": [{"field": "priority", "before": 5, "after": 7}],
    }


async def test_a_turned_chain_is_applied(as_admin: httpx.AsyncClient) -> None:
    await accepted(as_admin, "apply", DOCUMENT)
    turned = DOCUMENT.replace(
        "    depends_on:\n      - download\n      - {routine: reference, day_offset: -1, on_failure: run}\n", ""
    ).replace("    pool: b3\n", "    pool: b3\n    depends_on: [load]\n")
    await accepted(as_admin, "apply", turned)
    assert set(actions(await accepted(as_admin, "plan", turned)).values()) == {"unchanged"}


async def test_pruning_deletes_what_is_not_described_and_only_in_sections_that_are_there(
    as_admin: httpx.AsyncClient,
) -> None:
    await accepted(as_admin, "apply", DOCUMENT)
    only_reference = "version: 1\nroutines:\n" + DOCUMENT[DOCUMENT.index("  - name: reference") :]
    plan = await accepted(as_admin, "apply", only_reference, prune=True)
    deleted = [change["name"] for change in plan["changes"] if change["action"] == "delete"]
    assert deleted == ["load", "download"], "what depends on others goes first"
    left = yaml.safe_load(await exported(as_admin))
    assert [pool["name"] for pool in left["pools"]] == ["b3"]
    assert [routine["name"] for routine in left["routines"]] == ["reference"]


async def test_pruning_what_is_in_use_is_refused_whole(as_admin: httpx.AsyncClient) -> None:
    await accepted(as_admin, "apply", DOCUMENT)
    answer = await post(as_admin, "apply", "version: 1\npools: []\n", prune=True)
    assert answer.status_code == 422
    assert "b3" in answer.json()["details"][0]["message"]
    assert len(yaml.safe_load(await exported(as_admin))["pools"]) == 1


async def test_applying_what_was_planned_or_nothing(as_admin: httpx.AsyncClient) -> None:
    plan = await accepted(as_admin, "plan", DOCUMENT)
    await accepted(as_admin, "apply", "version: 1\npools:\n  - {name: b3, slots: 9}\n")
    answer = await post(as_admin, "apply", DOCUMENT, expected=plan["fingerprint"])
    assert (answer.status_code, answer.json()["code"]) == (409, "PLAN_OUTDATED")
    assert yaml.safe_load(await exported(as_admin))["routines"] == []
    again = await accepted(as_admin, "plan", DOCUMENT)
    done = await accepted(as_admin, "apply", DOCUMENT, expected=again["fingerprint"])
    assert done["fingerprint"] == again["fingerprint"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("priority: 5", "priority: high", 25, "integer"),
        ("slots: 2", "slots: -1", 4, "greater"),
        ("- download\n", "- nobody\n", 12, "nobody"),
        ("day_group: Pregões", "day_group: Sábados", 19, "Sábados"),
        ("pool: b3", "pool: cvm", 19, "cvm"),
        ("time: 07:30", "time: 25:30", 27, "time"),
        ("tags: [noite]", "tgas: [noite]", 26, "tgas"),
        ("name: reference", "name: download", 28, "described on line 19"),
        ("day_group: Pregões", "day_group_id: 0199aaaa-0000-7000-8000-000000000001", 23, "day_group"),
        ("version: 1", "version: 2", 1, "version"),
        ("pools:", "pool:", 2, "section"),
        ("calendar_code: B3", "calendar_code: NOWHERE", 7, "NOWHERE"),
        ("trigger: {type: manual}", "trigger: {type: manual}\n    depends_on: [load]", 12, "circle"),
    ],
)
async def test_what_is_wrong_is_told_with_its_line_and_nothing_is_changed(
    as_admin: httpx.AsyncClient, old: str, new: str, line: int, words: str
) -> None:
    assert old in DOCUMENT
    for verb in ("plan", "apply"):
        answer = await post(as_admin, verb, DOCUMENT.replace(old, new, 1))
        assert (answer.status_code, answer.json()["code"]) == (422, "DEFINITIONS_INVALID"), answer.text
        details = answer.json()["details"]
        told = [detail for detail in details if detail["message"].startswith(f"line {line}: ")]
        assert any(words in f"{detail['field']} {detail['message']}" for detail in told), details
        assert len(details) == 1, "what follows from a problem is no problem of its own"
    left = yaml.safe_load(await exported(as_admin))
    assert (left["pools"], left["routines"]) == ([], [])


async def test_params_are_checked_against_the_jobs_schema(as_admin: httpx.AsyncClient) -> None:
    answer = await post(as_admin, "plan", DOCUMENT, allow_unknown_job=False)
    assert answer.status_code == 422
    assert any("demo.download" in detail["message"] for detail in answer.json()["details"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version",
        "[]",
        "version: 1\nroutines: {}",
        "version: 1\nroutines: [1]",
        "a: *b",
        "\x00",
        "version: 1\n\t- x",
    ],
)
async def test_hostile_documents_are_refused(as_admin: httpx.AsyncClient, text: str) -> None:
    answer = await post(as_admin, "apply", text)
    assert (answer.status_code, answer.json()["code"]) == (422, "DEFINITIONS_INVALID")


async def test_bytes_that_are_no_text_are_refused(as_admin: httpx.AsyncClient) -> None:
    answer = await as_admin.post(f"{URL}/plan", content=b"version: 1\nx: \xff\xfe", headers=YAML)
    assert answer.status_code == 422


async def test_viewers_may_export_and_only_admins_may_plan_and_apply(
    as_viewer: httpx.AsyncClient, as_operator: httpx.AsyncClient
) -> None:
    await exported(as_viewer)
    for client in (as_viewer, as_operator):
        for verb in ("plan", "apply"):
            assert (await post(client, verb, DOCUMENT)).status_code == 403


async def test_every_change_is_audited_and_a_plan_is_not(as_admin: httpx.AsyncClient) -> None:
    await accepted(as_admin, "plan", DOCUMENT)
    assert (await as_admin.get("/api/v1/audit")).json()["data"] == []
    await accepted(as_admin, "apply", DOCUMENT)
    entries = (await as_admin.get("/api/v1/audit")).json()["data"]
    assert sorted(entry["action"] for entry in entries) == [
        *("day_group.create", "pool.create", "routine.create", "routine.create", "routine.create"),
    ]


async def test_calendars_of_ones_own_are_kept_in_git_too(as_admin: httpx.AsyncClient) -> None:
    text = """\
version: 1
calendars:
  - code: AMBOS
    name: B3 e feriados da casa
    content: {kind: intersection, members: [B3, CASA]}
  - code: CASA
    name: Feriados da casa
    content:
      kind: custom
      source: Circular interna 1
      coverage_start: 2026-01-01
      coverage_end: 2027-12-31
      holidays: [{day: 2026-12-24, name: Véspera}]
"""
    first = await accepted(as_admin, "apply", text)
    assert [change["name"] for change in first["changes"]] == ["CASA", "AMBOS"]
    assert set(actions(await accepted(as_admin, "apply", text)).values()) == {"unchanged"}
    changed = text.replace("2026-12-24", "2026-12-31")
    assert actions(await accepted(as_admin, "apply", changed)) == {
        ("calendar", "CASA"): "update",
        ("calendar", "AMBOS"): "unchanged",
    }
    assert set(actions(await accepted(as_admin, "plan", await exported(as_admin))).values()) == {"unchanged"}
    gone = await accepted(as_admin, "apply", "version: 1\ncalendars: []\n", prune=True)
    assert [change["name"] for change in gone["changes"]] == ["AMBOS", "CASA"]
