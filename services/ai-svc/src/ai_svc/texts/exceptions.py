"""What can go wrong with text jobs."""

from shared_utils.errors import Conflict, Invalid


class ModelRequired(Conflict):
    """An instruction needs a model and none is configured; use one of the operations, which need none."""

    code = "MODEL_REQUIRED"


class SchemaInvalid(Invalid):
    """The JSON schema for the answer cannot be used."""

    code = "ANSWER_SCHEMA_INVALID"


class TextTooLong(Invalid):
    """The text is longer than this installation accepts; send it in parts, or as a document."""

    code = "TEXT_TOO_LONG"


class TooManyItems(Invalid):
    """The batch has more items than this installation accepts; send it in parts."""

    code = "TOO_MANY_ITEMS"
