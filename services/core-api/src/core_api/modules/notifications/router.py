"""HTTP of deliveries, and of trying a channel."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from core_api.limits import LIMITED_WRITES
from core_api.modules.channels.public import ChannelNotFound
from core_api.modules.notifications.dependencies import DeliveryChanges, DeliveryReads, Tester
from core_api.modules.notifications.exceptions import DeliveryNotDead, DeliveryNotFound
from core_api.modules.notifications.schemas import ChannelTestRead, DeliveryRead, DeliveryStatus
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit
from shared_utils.http.security import Admin, Operator

router = APIRouter(prefix="/notifications", tags=["notifications"])


@router.post(
    "/channels/{channel_id}/test",
    summary="Try a channel",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, ChannelNotFound),
)
async def test_channel(channel_id: UUID, tester: Tester, caller: Admin) -> ApiResponse[ChannelTestRead, None]:
    """Send a test message now, once, and say whether it was accepted. Takes up to 30 s when the other side is slow."""
    return ok(await tester.run(channel_id, by=caller))


@router.get("/deliveries", summary="List messages", responses=problems(Unauthenticated, Forbidden, InvalidCursor))
async def list_deliveries(
    deliveries: DeliveryReads,
    _: Operator,
    channel_id: Annotated[UUID | None, Query(description="Only messages to this channel.")] = None,
    status: Annotated[DeliveryStatus | None, Query(description="Only messages that stand like this.")] = None,
    incident_id: Annotated[UUID | None, Query(description="Only messages about this incident.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[DeliveryRead], CursorMeta]:
    """Messages to channels, the newest first, with the last error of those that did not arrive."""
    page, meta = await deliveries.page(
        channel_id=channel_id, status=status, incident_id=incident_id, cursor=cursor, limit=limit
    )
    return ok(page, meta=meta)


@router.post(
    "/deliveries/{delivery_id}/retry",
    summary="Try a message again",
    dependencies=LIMITED_WRITES,
    responses=problems(Unauthenticated, Forbidden, DeliveryNotFound, DeliveryNotDead),
)
async def retry_delivery(
    delivery_id: UUID, deliveries: DeliveryChanges, caller: Operator
) -> ApiResponse[DeliveryRead, None]:
    """Give a message that was given up all its tries anew, under the same id."""
    return ok(await deliveries.retry(delivery_id, by=caller))
