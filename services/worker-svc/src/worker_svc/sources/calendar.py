"""What core-api's calendars say about a day. The worker has no calendar of its own."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from shared_utils.http.client import ServiceClient


class CalendarDay(BaseModel):
    """A day and the business days around it (`previous` < day < `next`)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    day: date
    is_business_day: bool
    previous: date
    next: date
    note: str | None


async def calendar_day(core: ServiceClient, *, code: str, day: date) -> CalendarDay:
    """Ask core-api. Raises its client's errors: `UpstreamUnavailable`, `UpstreamRejected` (no such calendar or day)."""
    return await core.get(f"/internal/v1/calendars/{code}/days/{day.isoformat()}", response=CalendarDay)
