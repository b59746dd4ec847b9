"""Error reports to Sentry, without anything that identifies a person or opens a door.

What is sent: the error, its stack without local variables, the route's address without its query, what the house's log
said just before, the ids of trace, request and user. Nothing else: no headers, cookies, bodies, queries or names.
"""

from collections.abc import Callable
from typing import Any, Final

from pydantic import SecretStr

from shared_utils.logging import correlation_id, mask_fields, mask_secrets
from shared_utils.observability.tracing import current_traceparent

_OF_A_REQUEST: Final = ("url", "method")
_OF_A_CRUMB: Final = ("type", "level", "category", "message", "timestamp")
_NOT_SENT: Final = ("extra", "modules", "server_name", "sys.argv")


class _Reporting:
    """What the SDK offers, once it is there."""

    set_user: Callable[[dict[str, str]], None] | None = None


def init_sentry(dsn: SecretStr | None, *, service: str, environment: str, release: str | None = None) -> bool:
    """Starts reporting when a DSN is set; says whether it did.

    The SDK takes about 100 ms and 15 MB to import, so a service without a DSN does not load it.
    """
    if dsn is None or not dsn.get_secret_value():
        return False
    import sentry_sdk  # noqa: PLC0415  see the docstring

    sentry_sdk.init(
        dsn=dsn.get_secret_value(),
        environment=environment,
        release=release,
        server_name=service,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=None,
        # Its headers would go to every address that a service or a job calls; ours go to our own services.
        propagate_traces=False,
        trace_propagation_targets=[],
        auto_session_tracking=False,
        before_send=scrub,
        before_send_transaction=_nothing,
        before_breadcrumb=_scrub_breadcrumb,
    )
    sentry_sdk.set_tag("service", service)
    _Reporting.set_user = sentry_sdk.set_user
    return True


def note_user(subject: str) -> None:
    """Reports of this request name its caller by the identity provider's id, and by nothing else."""
    if _Reporting.set_user is not None:
        _Reporting.set_user({"id": subject})


def scrub(event: Any, _hint: Any = None) -> Any:
    """An event with what is listed at the top of this module, and with secrets masked."""
    request = event.get("request")
    if isinstance(request, dict):
        event["request"] = {key: request[key] for key in _OF_A_REQUEST if key in request}
        if isinstance(request.get("url"), str):
            event["request"]["url"] = request["url"].split("?")[0].split("#")[0]
    user = event.pop("user", None)
    if isinstance(user, dict) and user.get("id"):
        event["user"] = {"id": user["id"]}
    extra = event.get("extra")
    if isinstance(extra, dict):
        event["extra"] = {key: value for key, value in extra.items() if key not in _NOT_SENT}
    tags = event.setdefault("tags", {})
    if isinstance(tags, dict):
        tags.update(_ids())
    _without_locals(event)
    return _masked(event)


def _ids() -> dict[str, str]:
    """With which the report is found in logs and traces."""
    traceparent, request = current_traceparent(), correlation_id()
    trace = {"trace_id": traceparent[3:35]} if traceparent else {}
    return trace | ({"correlation_id": request} if request else {})


def _without_locals(value: Any) -> None:
    """Takes the variables out of every stack frame, whoever put them there."""
    if isinstance(value, dict):
        value.pop("vars", None)
        for item in value.values():
            _without_locals(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _without_locals(item)


def _nothing(_event: Any, _hint: Any = None) -> Any:
    """Performance data stays here: spans go where `traces_endpoint` says."""
    return None


def _scrub_breadcrumb(breadcrumb: Any, _hint: Any = None) -> Any:
    """What the log said, in words. Queries, commands and addresses of calls are left out."""
    if breadcrumb.get("type") != "log":
        return None
    return _masked({key: breadcrumb[key] for key in _OF_A_CRUMB if key in breadcrumb})


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in mask_fields(value).items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return mask_secrets(value) if isinstance(value, str) else value
