"""What can go wrong with a source."""

from shared_utils.errors import AppError, Invalid, NotFound


class FolderNotAllowed(Invalid):
    """Documents are read only from the folders that the operator of this service has opened for it."""

    code = "SOURCE_FOLDER_NOT_ALLOWED"


class FolderTooLarge(Invalid):
    """There are more files in the folder than are read at once: choose a folder further down."""

    code = "SOURCE_FOLDER_TOO_LARGE"


class SourceFileRefused(Invalid):
    """The file is no plain file of the folder: links, pipes and devices are not read."""

    code = "SOURCE_FILE_REFUSED"


class SourceGone(NotFound):
    """The source does not have this document any more."""

    code = "SOURCE_GONE"


class SourceUnknown(NotFound):
    """No source of this name is configured."""

    code = "SOURCE_UNKNOWN"


class SourceBroken(AppError):
    """The source answers something else than was agreed."""

    code = "SOURCE_BROKEN"
