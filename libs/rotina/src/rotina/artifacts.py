"""Files that a run leaves for people: reports, extracts, whatever is worth a download (DESIGN, E15)."""

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from rotina.errors import PermanentError
from shared_schemas.jobs import ARTIFACT_NAME, MAX_ARTIFACT_BYTES

_NAME: Final = re.compile(ARTIFACT_NAME)
_CONTENT_TYPE: Final = re.compile(r"^[\x21-\x7e][\x20-\x7e]{0,199}$")
_BLOCK: Final = 1024 * 1024
_MAX_NAME: Final = 200
_DEFAULT_TYPE: Final = "application/octet-stream"

type Source = Path | str | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file as it was when the job handed it over. `sha256` is hexadecimal."""

    name: str
    content_type: str
    size_bytes: int
    sha256: str


def spool(source: Source, folder: Path, *, name: str, content_type: str | None) -> tuple[Artifact, Path]:
    """Copies what a job hands over into `folder`, so that the job may go on and change or delete its own file.

    Raises `PermanentError` when the name is not safe or the file is too large.
    """
    if not _NAME.match(name) or len(name) > _MAX_NAME:
        raise PermanentError(
            f"{name!r} is no name for an artifact: letters, digits, spaces and . , ( ) @ + = - _, no folders",
            code="ARTIFACT_NAME",
        )
    kind = content_type or mimetypes.guess_type(name)[0] or _DEFAULT_TYPE
    if not _CONTENT_TYPE.match(kind):
        raise PermanentError(f"{kind!r} is no content type", code="ARTIFACT_CONTENT_TYPE")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / uuid4().hex
    try:
        size, sha256 = _copy(source, path, name=name)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Artifact(name=name, content_type=kind, size_bytes=size, sha256=sha256), path


def _copy(source: Source, path: Path, *, name: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as copy:
        for block in _blocks(source):
            size += len(block)
            if size > MAX_ARTIFACT_BYTES:
                limit = MAX_ARTIFACT_BYTES // 1024**2
                message = f"{name} is larger than {limit} MB; store it elsewhere and report its address instead"
                raise PermanentError(message, code="ARTIFACT_TOO_LARGE")
            digest.update(block)
            copy.write(block)
    return size, digest.hexdigest()


def _blocks(source: Source) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with Path(source).open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
