"""What can go wrong with deliveries."""

from uuid import UUID

from shared_utils.errors import Conflict, NotFound


class DeliveryNotFound(NotFound):
    code = "DELIVERY_NOT_FOUND"

    def __init__(self, delivery_id: UUID) -> None:
        super().__init__(f"There is no delivery {delivery_id}; GET /api/v1/notifications/deliveries lists them.")


class DeliveryNotDead(Conflict):
    """Only a delivery that was given up can be tried again; the others are on their way or have arrived."""

    code = "DELIVERY_NOT_DEAD"
