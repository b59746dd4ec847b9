"""Calendars of one's own: written through the API, combined, versioned, deleted."""

import json
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from factories.routines import add_day_group, add_routine

from core_api.modules.calendars.public import calendar_days, calendar_definitions
from core_api.modules.calendars.schemas import NewVersion
from core_api.modules.day_groups.public import ending_coverage
from core_api.modules.routines.public import mark_loaded, stale_routines
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

PATH = "/api/v1/calendars"


def custom(**changes: Any) -> dict[str, Any]:
    """Weekdays of 2026 and 2027 with one holiday."""
    return {
        "kind": "custom",
        "source": "NYSE holidays and trading hours",
        "coverage_start": "2026-01-01",
        "coverage_end": "2027-12-31",
        "holidays": [{"day": "2026-11-26", "name": "Thanksgiving"}],
        **changes,
    }


def body(code: str = "NYSE", **content: Any) -> dict[str, Any]:
    return {"code": code, "name": f"Calendar {code}", "content": content if "kind" in content else custom(**content)}


async def create(client: httpx.AsyncClient, code: str = "NYSE", **content: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json=body(code, **content))
    assert answer.status_code == 201, answer.text
    calendar: dict[str, Any] = answer.json()["data"]
    return calendar


async def publish(client: httpx.AsyncClient, code: str, content: dict[str, Any]) -> httpx.Response:
    etag = (await client.get(f"{PATH}/{code}")).headers["ETag"]
    return await client.post(f"{PATH}/{code}/versions", json=content, headers={"If-Match": etag})


async def is_open(client: httpx.AsyncClient, code: str, day: str, **params: str) -> tuple[bool, str | None]:
    answer = await client.get(f"{PATH}/{code}/days", params={"from": day, "to": day, **params})
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["data"]
    return found["is_business_day"], found["note"]


async def test_a_calendar_is_created_read_renamed_and_deleted(as_admin: httpx.AsyncClient) -> None:
    created = await as_admin.post(PATH, json=body(opens_at={"2026-11-27": "10:30:00"}))
    assert created.status_code == 201, created.text
    calendar = created.json()["data"]
    assert calendar["version"] == 1
    assert calendar["published_by"] == "Test admin"
    assert (calendar["coverage_start"], calendar["coverage_end"]) == ("2026-01-01", "2027-12-31")
    assert await is_open(as_admin, "NYSE", "2026-11-26") == (False, "Thanksgiving")
    assert await is_open(as_admin, "NYSE", "2026-11-27") == (True, None)
    read = await as_admin.get(f"{PATH}/NYSE")
    assert read.json()["data"] == calendar
    assert read.headers["ETag"] == created.headers["ETag"]
    renamed = await as_admin.patch(
        f"{PATH}/NYSE", json={"name": "Wall Street"}, headers={"If-Match": read.headers["ETag"]}
    )
    assert renamed.json()["data"]["name"] == "Wall Street"
    assert renamed.headers["ETag"] != read.headers["ETag"]
    gone = await as_admin.delete(f"{PATH}/NYSE", headers={"If-Match": renamed.headers["ETag"]})
    assert gone.status_code == 204
    assert (await as_admin.get(f"{PATH}/NYSE")).json()["code"] == "CALENDAR_NOT_FOUND"


async def test_days_may_be_named_one_by_one(as_admin: httpx.AsyncClient) -> None:
    await create(as_admin, "COPOM", holidays=[], days=["2026-11-04", "2026-12-09", "2026-09-16"])
    assert await is_open(as_admin, "COPOM", "2026-12-09") == (True, None)
    assert await is_open(as_admin, "COPOM", "2026-12-10") == (False, None)


async def test_a_week_may_have_other_weekdays(as_admin: httpx.AsyncClient) -> None:
    await create(as_admin, "TADAWUL", weekdays=[7, 1, 2, 3, 4])
    assert [(await is_open(as_admin, "TADAWUL", f"2026-11-{day}"))[0] for day in (27, 28, 29, 30)] == [
        False,
        False,
        True,
        True,
    ]


async def test_a_union_has_the_days_of_any_and_an_intersection_those_of_all(as_admin: httpx.AsyncClient) -> None:
    await create(as_admin, "NYSE")
    await create(as_admin, "ANY", kind="union", members=["NYSE", "B3"])
    both = await create(as_admin, "BOTH", kind="intersection", members=["NYSE", "B3"])
    assert both["members"] == ["B3", "NYSE"]
    assert (both["coverage_start"], both["coverage_end"]) == ("2026-01-01", "2027-12-31")
    # 20 November is a holiday at B3 only, Thanksgiving at NYSE only.
    assert await is_open(as_admin, "ANY", "2026-11-20") == (True, "B3: Dia Nacional de Zumbi e da Consciência Negra")
    assert await is_open(as_admin, "BOTH", "2026-11-20") == (False, "B3: Dia Nacional de Zumbi e da Consciência Negra")
    assert await is_open(as_admin, "ANY", "2026-11-26") == (True, "NYSE: Thanksgiving")
    assert await is_open(as_admin, "BOTH", "2026-11-26") == (False, "NYSE: Thanksgiving")
    assert (await is_open(as_admin, "BOTH", "2026-11-25"))[0]
    assert not (await is_open(as_admin, "ANY", "2026-11-22"))[0]
    outside = await as_admin.get(f"{PATH}/ANY/days", params={"from": "2025-12-31", "to": "2026-01-02"})
    assert outside.json()["code"] == "CALENDAR_OUT_OF_RANGE"


async def test_an_override_of_a_member_reaches_what_is_made_of_it_and_one_of_the_whole_stands_above(
    as_admin: httpx.AsyncClient,
) -> None:
    await create(as_admin, "NYSE")
    await create(as_admin, "BOTH", kind="intersection", members=["NYSE", "B3"])
    await create(as_admin, "ALL3", kind="intersection", members=["BOTH", "ANBIMA"])
    closed = {"is_business_day": False, "note": "Luto oficial"}
    await as_admin.put(f"{PATH}/NYSE/overrides/2026-11-25", json=closed)
    assert await is_open(as_admin, "ALL3", "2026-11-25") == (False, "BOTH: NYSE: Luto oficial")
    opened = {"is_business_day": True, "note": "Plantão da mesa"}
    assert (await as_admin.put(f"{PATH}/ALL3/overrides/2026-11-25", json=opened)).status_code == 200
    assert await is_open(as_admin, "ALL3", "2026-11-25") == (True, "Plantão da mesa")
    assert not (await is_open(as_admin, "BOTH", "2026-11-25"))[0]


async def test_a_cycle_is_refused_with_its_path(as_admin: httpx.AsyncClient) -> None:
    await create(as_admin, "NYSE")
    await create(as_admin, "INNER", kind="union", members=["NYSE", "B3"])
    await create(as_admin, "MIDDLE", kind="union", members=["INNER", "ANBIMA"])
    await create(as_admin, "OUTER", kind="union", members=["MIDDLE", "ANBIMA"])
    refused = await publish(as_admin, "INNER", {"kind": "union", "members": ["OUTER", "B3"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "CALENDAR_CYCLE")
    path = refused.json()["message"].split(": ")[1].split(". ")[0].split(" contains ")
    assert path[0] == path[-1]
    assert set(path) == {"INNER", "MIDDLE", "OUTER"}
    assert path[path.index("OUTER") + 1] == "MIDDLE"
    itself = await as_admin.post(PATH, json=body("SELF", kind="union", members=["SELF", "B3"]))
    assert itself.json()["code"] == "CALENDAR_CYCLE"
    assert (await as_admin.get(f"{PATH}/SELF")).status_code == 404


async def test_e01_a_change_of_a_member_makes_routines_on_the_whole_stale(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    await create(as_admin, "NYSE")
    await create(as_admin, "BOTH", kind="intersection", members=["NYSE", "B3"])
    on_both = await add_routine(
        session, clock, "on-both", day_group_id=await add_day_group(session, clock, "Ambos", calendar="BOTH")
    )
    await add_routine(
        session, clock, "on-anbima", day_group_id=await add_day_group(session, clock, "Bancos", calendar="ANBIMA")
    )
    await mark_loaded(session, await stale_routines(session))
    await session.commit()
    changed = await publish(as_admin, "NYSE", custom(holidays=[]))
    assert changed.status_code == 201, changed.text
    assert [stale.id for stale in await stale_routines(session)] == [on_both.id]


async def test_a_group_that_changes_its_calendar_makes_its_routines_stale(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    await create(as_admin, "NYSE")
    # B3's revision runs ahead of NYSE's, so that counting edits alone would arrive at the old sum again.
    group = await add_day_group(session, clock, "Sessões", calendar="B3")
    await add_routine(session, clock, "uma", day_group_id=group)
    await session.commit()
    override = {"is_business_day": False, "note": "Luto oficial"}
    await as_admin.put(f"{PATH}/B3/overrides/2026-11-25", json=override)
    await mark_loaded(session, await stale_routines(session))
    await session.commit()
    write = {"name": "Sessões", "calendar_code": "NYSE"}
    moved = await as_admin.put(f"/api/v1/day-groups/{group}", json=write, headers={"If-Match": '"1"'})
    assert moved.status_code == 200, moved.text
    assert [stale.name for stale in await stale_routines(session)] == ["uma"]


async def test_what_was_believed_on_a_date_stays_known(as_admin: httpx.AsyncClient, clock: FakeClock) -> None:
    day = "2026-12-24"
    clock.set(clock.now().replace(day=1))
    await create(as_admin, "NYSE")
    clock.advance(timedelta(days=1))
    await publish(as_admin, "NYSE", custom(holidays=[{"day": day, "name": "Christmas Eve"}]))
    clock.advance(timedelta(days=1))
    await as_admin.put(f"{PATH}/NYSE/overrides/{day}", json={"is_business_day": True, "note": "Early close"})
    clock.advance(timedelta(days=1))
    await as_admin.delete(f"{PATH}/NYSE/overrides/{day}")
    believed = [await is_open(as_admin, "NYSE", day, as_of=f"2026-11-0{n}") for n in (1, 2, 3, 4)]
    assert believed == [(True, None), (False, "Christmas Eve"), (True, "Early close"), (False, "Christmas Eve")]
    assert await is_open(as_admin, "NYSE", day) == (False, "Christmas Eve")
    # To the second: the version was published on 2 November at 15:00 UTC.
    assert (await is_open(as_admin, "NYSE", day, as_of="2026-11-02T14:59:59Z"))[0]
    assert not (await is_open(as_admin, "NYSE", day, as_of="2026-11-02T12:00:00-03:00"))[0]
    before = await as_admin.get(f"{PATH}/NYSE/days", params={"from": day, "to": day, "as_of": "2026-10-31"})
    assert (before.status_code, before.json()["code"]) == (422, "CALENDAR_NOT_YET_KNOWN")
    versions = (await as_admin.get(f"{PATH}/NYSE/versions")).json()["data"]
    assert [(item["version"], item["published_at"][:10]) for item in versions] == [(2, "2026-11-02"), (1, "2026-11-01")]
    written = (await as_admin.get(f"{PATH}/NYSE/versions/2")).json()["data"]
    assert written["content"]["holidays"] == [{"day": day, "name": "Christmas Eve"}]
    window = {"from": "2026-12-01", "to": "2026-12-31"}
    assert (await as_admin.get(f"{PATH}/NYSE/overrides", params=window)).json()["data"] == []
    (ended,) = (await as_admin.get(f"{PATH}/NYSE/overrides", params={**window, "ended": "true"})).json()["data"]
    assert (ended["note"], ended["ended_by"]) == ("Early close", "Test admin")


async def test_a_whole_is_believed_as_its_members_were(as_admin: httpx.AsyncClient, clock: FakeClock) -> None:
    await create(as_admin, "NYSE")
    await create(as_admin, "LSE", holidays=[{"day": "2026-12-28", "name": "Boxing Day (substitute)"}])
    await create(as_admin, "BOTH", kind="intersection", members=["NYSE", "LSE"])
    first = clock.now().isoformat()
    clock.advance(timedelta(hours=1))
    await create(as_admin, "SIX")
    await publish(as_admin, "BOTH", {"kind": "intersection", "members": ["NYSE", "SIX"]})
    second = clock.now().isoformat()
    clock.advance(timedelta(hours=1))
    await publish(as_admin, "SIX", custom(holidays=[{"day": "2026-12-28"}]))
    believed = [
        await is_open(as_admin, "BOTH", "2026-12-28", **when) for when in ({"as_of": first}, {"as_of": second}, {})
    ]
    assert [found for found, _ in believed] == [False, True, False]


async def test_versions_come_in_pages_and_each_can_be_written_again(
    as_admin: httpx.AsyncClient, session: WriteSession
) -> None:
    await create(as_admin, "NYSE")
    for day in ("2026-07-03", "2026-09-07", "2026-12-25"):
        await publish(as_admin, "NYSE", custom(holidays=[{"day": day}], opens_at={"2026-11-27": "10:30:00"}))
    first = (await as_admin.get(f"{PATH}/NYSE/versions", params={"limit": 3})).json()
    assert [item["version"] for item in first["data"]] == [4, 3, 2]
    params = {"limit": 3, "cursor": first["meta"]["next_cursor"]}
    rest = (await as_admin.get(f"{PATH}/NYSE/versions", params=params)).json()
    assert [item["version"] for item in rest["data"]] == [1]
    assert not rest["meta"]["has_more"]
    content = (await as_admin.get(f"{PATH}/NYSE/versions/3")).json()["data"]["content"]
    back = await publish(as_admin, "NYSE", content)
    assert back.status_code == 201, back.text
    assert (back.json()["data"]["version"], back.json()["data"]["sha256"]) == (5, first["data"][1]["sha256"])
    (definition,) = await calendar_definitions(session)
    assert NewVersion.written(definition.content, by="").content == content


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("versions/2", 404, "CALENDAR_VERSION_NOT_FOUND"),
        ("versions/0", 422, "INVALID"),
        (f"versions/{10**30}", 422, "INVALID"),
        ("versions/one", 422, "INVALID"),
        ("versions?cursor=eyJ2ZXJzaW9uIjp0cnVlfQ", 422, "INVALID_CURSOR"),
        ("versions?cursor=x", 422, "INVALID_CURSOR"),
        ("overrides", 422, "INVALID"),
        ("overrides?from=2020-01-01&to=2026-01-01", 422, "CALENDAR_RANGE_TOO_LONG"),
    ],
)
async def test_questions_about_versions_without_an_answer(
    as_viewer: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await as_viewer.get(f"{PATH}/B3/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_same_content_again_adds_nothing(as_admin: httpx.AsyncClient) -> None:
    holidays = [{"day": "2026-11-26", "name": None}, {"day": "2026-12-25", "name": "Christmas"}]
    created = await create(as_admin, "NYSE", holidays=holidays)
    again = await publish(as_admin, "NYSE", custom(holidays=holidays[::-1]))
    assert again.json()["data"] == created
    assert len((await as_admin.get(f"{PATH}/NYSE/versions")).json()["data"]) == 1


async def test_changes_name_the_revision_they_are_based_on(as_admin: httpx.AsyncClient) -> None:
    await create(as_admin)
    for method, path, content in (
        ("POST", f"{PATH}/NYSE/versions", custom(holidays=[])),
        ("PATCH", f"{PATH}/NYSE", {"name": "Wall Street"}),
        ("DELETE", f"{PATH}/NYSE", None),
    ):
        without = await as_admin.request(method, path, json=content)
        assert (without.status_code, without.json()["code"]) == (428, "PRECONDITION_REQUIRED")
        stale = await as_admin.request(method, path, json=content, headers={"If-Match": '"99"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "PRECONDITION_FAILED")


async def test_shipped_calendars_are_corrected_not_edited(as_admin: httpx.AsyncClient) -> None:
    for code in ("B3", "EVERY_DAY"):
        etag = (await as_admin.get(f"{PATH}/{code}")).headers["ETag"]
        for method, path, content in (
            ("POST", f"{PATH}/{code}/versions", custom()),
            ("PATCH", f"{PATH}/{code}", {"name": "Bolsa"}),
            ("DELETE", f"{PATH}/{code}", None),
        ):
            answer = await as_admin.request(method, path, json=content, headers={"If-Match": etag})
            assert (answer.status_code, answer.json()["code"]) == (409, "CALENDAR_IS_SHIPPED")
    taken = await as_admin.post(PATH, json=body("B3"))
    assert (taken.status_code, taken.json()["code"]) == (409, "CALENDAR_CODE_TAKEN")


async def test_a_kind_is_for_good(as_admin: httpx.AsyncClient) -> None:
    await create(as_admin)
    answer = await publish(as_admin, "NYSE", {"kind": "union", "members": ["B3", "ANBIMA"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "CALENDAR_KIND_FIXED")


async def test_a_calendar_in_use_stays(as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock) -> None:
    await create(as_admin, "NYSE")
    await create(as_admin, "BOTH", kind="union", members=["NYSE", "B3"])
    await create(as_admin, "LSE")
    await add_day_group(session, clock, "Londres", calendar="LSE")
    await session.commit()
    for code, user in (("NYSE", "BOTH"), ("LSE", "day groups")):
        etag = (await as_admin.get(f"{PATH}/{code}")).headers["ETag"]
        answer = await as_admin.delete(f"{PATH}/{code}", headers={"If-Match": etag})
        assert (answer.status_code, answer.json()["code"]) == (409, "CALENDAR_IN_USE")
        assert user in answer.json()["message"]
    # No longer a member, but what was believed of BOTH is still made of it.
    await publish(as_admin, "BOTH", {"kind": "union", "members": ["ANBIMA", "B3"]})
    etag = (await as_admin.get(f"{PATH}/NYSE")).headers["ETag"]
    assert (await as_admin.delete(f"{PATH}/NYSE", headers={"If-Match": etag})).status_code == 409


async def test_members_must_exist_and_overlap(as_admin: httpx.AsyncClient) -> None:
    unknown = await as_admin.post(PATH, json=body("BOTH", kind="union", members=["B3", "NYSE"]))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "CALENDAR_NOT_FOUND")
    await create(as_admin, "OLD", coverage_start="1950-01-01", coverage_end="1960-12-31", holidays=[])
    apart = await as_admin.post(PATH, json=body("BOTH", kind="union", members=["B3", "OLD"]))
    assert (apart.status_code, apart.json()["code"]) == (422, "CALENDARS_DO_NOT_OVERLAP")
    # Nor may a member move away from under a whole.
    await create(as_admin, "NYSE")
    await create(as_admin, "BOTH", kind="union", members=["B3", "NYSE"])
    moved = await publish(as_admin, "NYSE", custom(coverage_start="2040-01-01", coverage_end="2041-01-01", holidays=[]))
    assert moved.json()["code"] == "CALENDARS_DO_NOT_OVERLAP"
    assert "BOTH" in moved.json()["message"]


@pytest.mark.parametrize(
    "content",
    [
        {"coverage_start": "2027-01-01", "coverage_end": "2026-01-01"},
        {"coverage_start": "1000-01-01"},
        {"coverage_end": "9999-12-31"},
        {"holidays": [{"day": "2030-01-01"}]},
        {"holidays": [{"day": "2026-02-30"}]},
        {"holidays": [{"day": "2026-05-01"}, {"day": "2026-05-01", "name": "Twice"}]},
        {"holidays": [{"day": "2026-05-01", "name": "nul\x00"}]},
        {"holidays": [{"day": "2026-05-01", "name": "x" * 1000}]},
        {"holidays": [{"day": "2026-05-01", "other": 1}]},
        {"days": ["2026-05-04"]},  # beside a holiday
        {"days": ["2026-05-04", "2026-05-04"], "holidays": []},
        {"days": ["2028-05-04"], "holidays": []},
        {"days": ["2026-05-04"], "holidays": [], "weekdays": [1]},
        {"weekdays": []},
        {"weekdays": [0]},
        {"opens_at": {"2026-11-26": "13:00:00"}},  # a holiday
        {"opens_at": {"2026-11-27": "13:00:00Z"}},
        {"opens_at": {"yesterday": "13:00:00"}},
        {"source": ""},
        {"kind": "generated"},
        {"kind": "every_day"},
        {"kind": "union"},
        {"members": ["B3", "ANBIMA"]},
        {"kind": "union", "members": ["B3"]},
        {"kind": "union", "members": ["B3", "B3"]},
        {"kind": "union", "members": ["B3", "'; DROP TABLE core.calendars"]},
        {"kind": "union", "members": [f"C{n}" for n in range(21)]},
        {"kind": "intersection", "members": None},
    ],
)
async def test_contents_that_are_refused(as_admin: httpx.AsyncClient, content: dict[str, Any]) -> None:
    written = content if "members" in content and "kind" in content else custom(**content)
    answer = await as_admin.post(PATH, json={"code": "NYSE", "name": "NYSE", "content": written})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert answer.json()["details"][0]["message"]


@pytest.mark.parametrize("changes", [{"code": "nyse"}, {"code": "X" * 41}, {"code": ""}, {"name": " "}, {"other": 1}])
async def test_calendars_that_are_refused(as_admin: httpx.AsyncClient, changes: dict[str, Any]) -> None:
    content = json.dumps({**body(), **changes}).encode()
    answer = await as_admin.post(PATH, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")


@pytest.mark.parametrize(
    "as_of",
    [
        *("yesterday", "", "2026-11-20T12:00:00", "2026-13-01", "2026-11-20T25:00:00Z", "99999999999999999999"),
        *("0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
    ],
)
async def test_instants_that_are_none(as_viewer: httpx.AsyncClient, as_of: str) -> None:
    params = {"from": "2026-11-20", "to": "2026-11-20", "as_of": as_of}
    answer = await as_viewer.get(f"{PATH}/B3/days", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")


async def test_changes_are_audited(as_admin: httpx.AsyncClient) -> None:
    await create(as_admin)
    changed = await publish(as_admin, "NYSE", custom(holidays=[]))
    await as_admin.delete(f"{PATH}/NYSE", headers={"If-Match": changed.headers["ETag"]})
    entries = (await as_admin.get("/api/v1/audit", params={"entity": "calendar", "entity_id": "NYSE"})).json()["data"]
    assert [entry["action"] for entry in entries] == ["calendar.delete", "calendar.version", "calendar.create"]
    assert (entries[1]["before"]["version"], entries[1]["after"]["version"]) == (1, 2)
    assert entries[0]["after"] is None


async def test_e16_a_calendar_that_ends_is_named_ninety_days_before(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock
) -> None:
    await create(as_admin, "SHORT", coverage_end="2026-12-31")
    await create(as_admin, "BOTH", kind="union", members=["SHORT", "B3"])
    await create(as_admin, "PAST", coverage_end="2026-05-31", holidays=[])
    await create(as_admin, "UNUSED", coverage_end="2026-05-31", holidays=[])
    for code in ("SHORT", "BOTH", "PAST"):
        await add_day_group(session, clock, f"Grupo {code}", calendar=code)
    assert await ending_coverage(session, date(2026, 5, 1), within_days=20) == []
    found = await ending_coverage(session, date(2026, 10, 2))
    assert [(item.code, item.coverage_end, item.days_left) for item in found] == [
        ("PAST", date(2026, 5, 31), -124),
        ("BOTH", date(2026, 12, 31), 90),
        ("SHORT", date(2026, 12, 31), 90),
    ]
    assert [item.code for item in await ending_coverage(session, date(2026, 10, 1))] == ["PAST"]
    assert found[1].name == "Calendar BOTH"
    assert {"B3", "ANBIMA"} <= {item.code for item in await ending_coverage(session, date(2035, 12, 1))}


async def test_calendars_contain_each_other_deeply(as_admin: httpx.AsyncClient, session: WriteSession) -> None:
    below = "B3"
    for number in range(30):
        await create(as_admin, f"LEVEL{number}", kind="intersection", members=[below, "ANBIMA"])
        below = f"LEVEL{number}"
    assert not (await calendar_days(session, below)).is_business_day(date(2026, 11, 20))
