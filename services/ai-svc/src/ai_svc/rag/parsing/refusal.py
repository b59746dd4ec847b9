"""Why a document has no text: said by a child process, so it knows nothing but the standard library."""


class Refusal(Exception):
    """The document is not parsed. `code` is stable; `message` tells the person what to do and quotes no content."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
