"""JSON over HTTPS: where the items are and what of them makes a document is configured, with the header's secret."""

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from ai_svc.rag.parsing.bounds import MEBIBYTE
from ai_svc.rag.sources.exceptions import SourceBroken, SourceUnknown
from ai_svc.rag.sources.items import SourceItem
from ai_svc.settings import ApiSource
from shared_utils.http.outbound import AddressNotAllowed, OutboundTooLarge, Reach, download

MAX_PAGES: Final = 100
MAX_ITEMS: Final = 10_000
MAX_PAGE_BYTES: Final = 10 * MEBIBYTE
MAX_TEXT_CHARS: Final = 1_000_000
_FIELD: Final = re.compile(r"\{([^{}\n]{1,200})\}")
_ABSENT: Final = object()


class Apis:
    """The configured APIs, by name."""

    def __init__(self, sources: Sequence[ApiSource], reach: Reach, *, timeout_seconds: float = 60) -> None:
        self._sources = {source.name: source for source in sources}
        self._reach = reach
        self._timeout_seconds = timeout_seconds

    async def items(self, name: str) -> AsyncIterator[SourceItem]:
        """The documents of an API, as Markdown.

        Raises `SourceUnknown`, `SourceBroken`, `AddressNotAllowed`, `OutboundFailed`. Errors quote no content.
        """
        source = self._sources.get(name)
        if source is None:
            raise SourceUnknown
        url: str | None = source.url
        count = 0
        for _ in range(MAX_PAGES):
            page = await self._page(source, url or source.url)
            for item in _items(source, page):
                count += 1
                if count > MAX_ITEMS:
                    raise SourceBroken(f"The API {name} has more than {MAX_ITEMS:,} items.")
                yield item
            url = _following(source, page, url or source.url)
            if url is None:
                return
        raise SourceBroken(f"The API {name} has more than {MAX_PAGES} pages.")

    async def _page(self, source: ApiSource, url: str) -> Any:
        if urlsplit(url).scheme != "https" and not self._reach.networks:
            raise AddressNotAllowed("An API's address begins with https://.")
        headers = {"Accept": "application/json"}
        if source.header is not None and source.secret is not None:
            headers[source.header] = source.secret.get_secret_value()
        with tempfile.TemporaryDirectory(prefix="rotina-api-") as folder:
            into = Path(folder) / "page"
            try:
                await download(
                    url,
                    into,
                    reach=self._reach,
                    max_bytes=MAX_PAGE_BYTES,
                    headers=headers,
                    timeout_seconds=self._timeout_seconds,
                )
                return await asyncio.to_thread(_parsed, into)
            except OutboundTooLarge as error:
                raise SourceBroken(f"A page of the API {source.name} is larger than 10 MiB.") from error
            except (ValueError, RecursionError):  # its message would quote the page
                raise SourceBroken(f"The API {source.name} does not answer JSON.") from None


def at(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901); None when it is not there."""
    found = document
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(name, _ABSENT)
        elif isinstance(found, list) and name.isascii() and name.isdigit() and int(name[:9]) < len(found):
            found = found[int(name[:9])]
        else:
            return None
        if found is _ABSENT:
            return None
    return found


def filled(template: str, item: Any) -> str:
    """`template` with each `{field}` or `{/pointer/to/field}` replaced by what the item has there."""
    return _FIELD.sub(lambda found: _text(at(item, _pointer(found[1]))), template)


def _pointer(field: str) -> str:
    return field if field.startswith("/") else f"/{field}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parsed(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _items(source: ApiSource, page: Any) -> list[SourceItem]:
    found = at(page, source.items)
    if not isinstance(found, list):
        raise SourceBroken(f"The API {source.name} has no list of items at {source.items or 'its top'}.")
    return [_item(source, item) for item in found]


def _item(source: ApiSource, item: Any) -> SourceItem:
    key = filled(source.key, item).strip()
    if not key:
        raise SourceBroken(f"An item of the API {source.name} has no key.")
    title = " ".join(filled(source.title, item).split()) or key
    content = filled(source.text, item)[:MAX_TEXT_CHARS].encode("utf-8", "ignore")
    return SourceItem(
        key=key[:500],
        title=title[:300],
        name="item.md",
        media_type="text/markdown",
        uri=filled(source.link, item) or None if source.link else None,
        content=content,
        etag=filled(source.etag, item) or None if source.etag else None,
        size_bytes=len(content),
    )


def _following(source: ApiSource, page: Any, url: str) -> str | None:
    """The next page, which must be at the same host: the secret goes along."""
    following = at(page, source.next) if source.next is not None else None
    if not isinstance(following, str) or not following:
        return None
    target = urljoin(url, following)
    if urlsplit(target)[:2] != urlsplit(url)[:2]:
        raise SourceBroken(f"The next page of the API {source.name} is at another host.")
    return target
