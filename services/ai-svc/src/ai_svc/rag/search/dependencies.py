from typing import Annotated

from fastapi import Depends, Request

from ai_svc.rag.search.repository import IndexReader
from ai_svc.rag.search.service import Search
from shared_utils.http.dependencies import ReadSessionDep


def searching(request: Request, session: ReadSessionDep) -> Search:
    return Search(IndexReader(session), session=session, finders=request.state.finders)


SearchDep = Annotated[Search, Depends(searching)]
