"""HTTP of the job catalog."""

from typing import Annotated

from fastapi import APIRouter, Path

from core_api.modules.workers.dependencies import Jobs
from core_api.modules.workers.exceptions import JobNotFound
from core_api.modules.workers.schemas import JobRead
from shared_schemas.envelope import ApiResponse
from shared_schemas.jobs import JobName
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Viewer

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("", summary="List jobs", responses=problems(Unauthenticated, Forbidden))
async def list_jobs(jobs: Jobs, _: Viewer) -> ApiResponse[list[JobRead], None]:
    """Every job that a worker has announced, with the JSON schema of its params."""
    return ok(await jobs.jobs())


@router.get("/{name}", summary="Read a job", responses=problems(Unauthenticated, Forbidden, JobNotFound))
async def get_job(
    name: Annotated[JobName, Path(examples=["b3.cotahist.download"])], jobs: Jobs, _: Viewer
) -> ApiResponse[JobRead, None]:
    """One job."""
    return ok(await jobs.job(name))
