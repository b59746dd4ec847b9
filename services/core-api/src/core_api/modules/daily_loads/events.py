"""What loads announce."""

from core_api.modules.daily_loads.schemas import DailyLoadRead
from shared_schemas.events.operations import DailyLoadCompleted


def completed(load: DailyLoadRead) -> DailyLoadCompleted:
    return DailyLoadCompleted(
        business_date=load.business_date,
        trigger=load.trigger,
        created=load.created,
        already_there=load.already_there,
    )
