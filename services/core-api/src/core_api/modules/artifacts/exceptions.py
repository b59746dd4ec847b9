"""What can go wrong with artifacts."""

from shared_utils.errors import Conflict, Invalid, NotFound, TooLarge


class ArtifactNotFound(NotFound):
    """The execution has no artifact of that name, or it was deleted after its retention time."""

    code = "ARTIFACT_NOT_FOUND"


class ArtifactFenced(Conflict):
    """The attempt is not the worker's any more: its artifacts are not taken."""

    code = "ARTIFACT_FENCED"


class ArtifactBroken(Invalid):
    """What arrived is not what was announced: size or checksum differ. Send it again."""

    code = "ARTIFACT_BROKEN"


class ArtifactTooLarge(TooLarge):
    """The artifact is larger than is kept; write it to your own storage and report its address instead."""

    code = "ARTIFACT_TOO_LARGE"


class TooManyArtifacts(Conflict):
    """The attempt has as many artifacts as are kept of one; put several files into an archive."""

    code = "TOO_MANY_ARTIFACTS"


class ArtifactStorageMissing(Conflict):
    """No storage for artifacts is set up: set CORE_API_ARTIFACTS_DIR and restart core-api."""

    code = "ARTIFACT_STORAGE_MISSING"
