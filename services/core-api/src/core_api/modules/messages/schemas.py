"""A message to people, before it takes the form of a channel, and its four forms."""

import html
import json
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

SUBJECT_LENGTH: Final = 140
_SLACK_HEADER: Final = 150
_SLACK_TEXT: Final = 2900
_SLACK_BLOCKS: Final = 45

What = Literal["opened", "resolved", "digest", "test"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One incident in a message, in words. `facts` is what programs get of it."""

    headline: str
    lines: tuple[str, ...]
    advice: str | None
    url: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told: plain text of people and programs, in which nothing is markup. Forms escape it."""

    id: UUID
    what: What
    language: str
    subject: str
    items: tuple[Item, ...]
    more: str | None = None
    """Says how many more there are than are shown."""
    link_text: str = ""
    url: str
    footer: str
    thread: UUID | None = None
    """The message that this one continues."""
    extra: dict[str, Any] = field(default_factory=dict)

    def as_text(self) -> str:
        """For the text part of e-mails."""
        parts = [
            "\n".join(line for line in (item.headline, *item.lines, item.advice, item.url) if line)
            for item in self.items
        ]
        return "\n\n".join([*parts, *([self.more] if self.more else []), self.footer, self.url])

    def as_html(self) -> str:
        """For the HTML part of e-mails: no images, no scripts, nothing from elsewhere."""
        parts = [_html_item(item, self.link_text) for item in self.items]
        more = f"<p>{html.escape(self.more)}</p>" if self.more else ""
        footer = f'<p style="color:#667"><a href="{html.escape(self.url)}">{html.escape(self.footer)}</a></p>'
        return (
            f'<!doctype html><html lang="{html.escape(self.language)}"><head><meta charset="utf-8"></head>'
            f'<body style="font-family:sans-serif">{"".join(parts)}{more}{footer}</body></html>'
        )

    def as_slack(self) -> dict[str, Any]:
        """For Slack-compatible incoming webhooks: blocks, and `text` for notifications and for those without blocks."""
        blocks: list[dict[str, Any]] = [
            {"type": "header", "text": {"type": "plain_text", "text": self.subject[:_SLACK_HEADER], "emoji": False}}
        ]
        blocks += [_slack_section(_slack_item(item, self.link_text)) for item in self.items[:_SLACK_BLOCKS]]
        if self.more:
            blocks.append(_slack_section(escape_slack(self.more)))
        footer = f"<{self.url}|{escape_slack(self.footer)}>"
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": footer}]})
        return {"text": escape_slack(self.subject), "blocks": blocks}

    def as_json(self) -> bytes:
        """For webhooks. `id` is the same however often the message is sent."""
        body = {
            "id": str(self.id),
            "type": f"incidents.{self.what}" if self.what != "test" else "test",
            "language": self.language,
            "subject": self.subject,
            "text": self.as_text(),
            "url": self.url,
            "incidents": [item.facts for item in self.items],
            **self.extra,
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def escape_slack(text: str) -> str:
    """Slack's three control characters; without them no mention, link or channel can be forged."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _slack_item(item: Item, link_text: str) -> str:
    lines = [line for line in (item.headline, *item.lines, item.advice) if line]
    body = escape_slack("\n".join(lines))
    if len(body) > _SLACK_TEXT:
        # Not through the middle of an entity, which would show as garbage.
        body = (
            body[:_SLACK_TEXT].rpartition("&")[0] if "&" in body[_SLACK_TEXT - 5 : _SLACK_TEXT] else body[:_SLACK_TEXT]
        )
        body += "…"
    return f"{body}\n<{item.url}|{escape_slack(link_text)}>" if link_text else body


def _html_item(item: Item, link_text: str) -> str:
    lines = "".join(f"<br>{html.escape(line)}" for line in (*item.lines, item.advice) if line)
    link = f'<br><a href="{html.escape(item.url)}">{html.escape(link_text)}</a>' if link_text else ""
    return f"<p><b>{html.escape(item.headline)}</b>{lines}{link}</p>"
