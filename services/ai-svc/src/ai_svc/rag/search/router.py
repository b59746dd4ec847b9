from fastapi import APIRouter

from ai_svc.rag.search.dependencies import SearchDep
from ai_svc.rag.search.schemas import EvidenceRead, Hit, HitRead, ScoresRead, SearchRead, SearchRequest
from ai_svc.rag.search.service import principals_of
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/rag/search", tags=["search"])


@router.post("", summary="Search documents", responses=problems(Unauthenticated, Forbidden))
async def search_documents(caller: Viewer, request: SearchRequest, search: SearchDep) -> ApiResponse[SearchRead, None]:
    """The passages that answer a question best, of the documents that you may read, best first.

    `evidence` says whether the answer is in them at all: the nearest passages are shown even when it is not, with the
    words of the question that none of them has. Nothing is written by a model here. With `explain` each passage carries
    its BM25 score, its cosine similarity (nothing where a leg did not find it) and the score that it is ordered by.
    """
    found = await search.search(
        request.question, principals=principals_of(caller), limit=request.limit, filters=request.filters
    )
    evidence = EvidenceRead.model_validate(found.evidence, from_attributes=True)
    hits = [_read(hit, explain=request.explain) for hit in found.hits]
    return ok(SearchRead(hits=hits, evidence=evidence))


def _read(hit: Hit, *, explain: bool) -> HitRead:
    scores = ScoresRead(lexical=hit.lexical, dense=hit.dense, final=hit.score) if explain else None
    return HitRead(
        chunk_id=hit.chunk_id,
        document_id=hit.document_id,
        version=hit.version,
        title=hit.title,
        heading=hit.heading,
        page=hit.page,
        start=hit.start,
        end=hit.end,
        text=hit.text,
        scores=scores,
    )
