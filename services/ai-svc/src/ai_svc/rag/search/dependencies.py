from typing import Annotated

from fastapi import Depends, Request

from ai_svc.rag.search.service import Search
from shared_utils.db.session import read_transaction


def searching(request: Request) -> Search:
    """It opens its session itself: a question may wait for a model before it needs a connection."""
    return Search(lambda: read_transaction(request.state.sessionmaker), finders=request.state.finders)


SearchDep = Annotated[Search, Depends(searching)]
