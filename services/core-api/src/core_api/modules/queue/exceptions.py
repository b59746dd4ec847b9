"""What can go wrong when reading the queue."""

from shared_utils.errors import Invalid


class SearchInvalid(Invalid):
    """The search text cannot be searched for: it holds a character that no name can have."""

    code = "SEARCH_INVALID"
