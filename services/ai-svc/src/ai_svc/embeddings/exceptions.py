"""What can go wrong with vectors and their spaces."""

from shared_utils.errors import AppError, Conflict, Invalid, NotFound, Unavailable


class EmbedderUnavailable(Unavailable):
    """Texts cannot be turned into vectors now; try again shortly."""

    code = "EMBEDDER_UNAVAILABLE"


class EmbeddingFailed(AppError):
    """The model answered what is not a vector of its space."""

    code = "EMBEDDING_FAILED"


class ModelFilesRefused(Invalid):
    """The files of the offline model are not there or not the right ones."""

    code = "EMBEDDING_MODEL_REFUSED"


class SpaceNotFound(NotFound):
    """There is no such embedding space."""

    code = "SPACE_NOT_FOUND"


class SpaceConflict(Conflict):
    """The state of the embedding space does not allow this."""

    code = "SPACE_CONFLICT"
