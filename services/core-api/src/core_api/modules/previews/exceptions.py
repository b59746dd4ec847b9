"""What can go wrong with a preview."""

from shared_utils.errors import Invalid


class PreviewTooLong(Invalid):
    code = "PREVIEW_TOO_LONG"

    def __init__(self, most: int) -> None:
        super().__init__(f"Preview at most {most} days at a time, with 'from' not after 'to'.")
