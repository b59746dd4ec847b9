"""Error reports to Sentry, without anything that identifies a person or opens a door."""

from typing import Any

from pydantic import SecretStr

from shared_utils.logging import mask_fields, mask_secrets


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
        before_send=scrub,
        before_breadcrumb=_scrub_breadcrumb,
    )
    sentry_sdk.set_tag("service", service)
    return True


def scrub(event: Any, _hint: Any = None) -> Any:
    """An event without request headers, cookies, bodies, query strings and users, and with secrets masked."""
    request = event.get("request")
    if isinstance(request, dict):
        for private in ("headers", "cookies", "data", "env", "query_string"):
            request.pop(private, None)
        if isinstance(request.get("url"), str):
            request["url"] = request["url"].split("?")[0]
    event.pop("user", None)
    return _masked(event)


def _scrub_breadcrumb(breadcrumb: Any, _hint: Any = None) -> Any:
    return _masked(breadcrumb)


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in mask_fields(value).items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return mask_secrets(value) if isinstance(value, str) else value
