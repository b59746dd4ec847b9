"""Secrets at rest and signed webhooks."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from pydantic import SecretStr

from shared_utils.security.sealing import SealBroken, Sealer
from shared_utils.security.signatures import sign, verify

OLD, NEW = SecretStr("old-key-" + "a1" * 20), SecretStr("new-key-" + "b2" * 20)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def test_what_was_sealed_is_opened_and_looks_like_nothing() -> None:
    token = Sealer([OLD]).seal({"password": "segredo"})
    assert "segredo" not in token
    opened = Sealer([OLD]).open(token)
    assert opened["password"].get_secret_value() == "segredo"
    assert Sealer([OLD]).seal({"password": "segredo"}) != token


def test_keys_rotate() -> None:
    token = Sealer([OLD]).seal({"password": "segredo"})
    assert Sealer([NEW, OLD]).open(token)["password"].get_secret_value() == "segredo"
    resealed = Sealer([NEW, OLD]).seal({"password": "segredo"})
    assert Sealer([NEW]).open(resealed)["password"].get_secret_value() == "segredo"
    with pytest.raises(SealBroken):
        Sealer([NEW]).open(token)


def test_a_renewed_token_is_the_first_keys() -> None:
    token = Sealer([OLD]).seal({"password": "segredo"})
    renewed = Sealer([NEW, OLD]).renew(token)
    assert Sealer([NEW]).open(renewed)["password"].get_secret_value() == "segredo"
    with pytest.raises(SealBroken):
        Sealer([NEW]).renew(token)


def test_a_changed_token_is_refused() -> None:
    token = Sealer([OLD]).seal({"password": "segredo"})
    middle = len(token) // 2
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    with pytest.raises(SealBroken):
        Sealer([OLD]).open(changed)


def test_without_a_key_nothing_is_sealed() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        Sealer([])


def test_the_signature_is_what_the_documentation_says() -> None:
    body = '{"título":"Atraso"}'.encode()
    header = sign(NEW, body, at=NOW)
    stamp = str(int(NOW.timestamp()))
    digest = hmac.new(NEW.get_secret_value().encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    assert header == f"t={stamp},v1={digest}"
    assert verify(NEW, body, header, now=NOW)


@pytest.mark.parametrize("change", ["body", "secret", "time", "digest"])
def test_anything_changed_is_refused(change: str) -> None:
    body = b'{"a":1}'
    header = sign(NEW, body, at=NOW)
    if change == "time":
        header = header.replace("t=17", "t=16", 1)
    if change == "digest":
        header = header[:-1] + ("0" if header[-1] != "0" else "1")
    secret = OLD if change == "secret" else NEW
    assert not verify(secret, body + b" " if change == "body" else body, header, now=NOW, tolerance_seconds=1e12)


def test_old_and_future_signatures_are_refused() -> None:
    header = sign(NEW, b"{}", at=NOW)
    assert verify(NEW, b"{}", header, now=NOW + timedelta(seconds=299))
    assert not verify(NEW, b"{}", header, now=NOW + timedelta(seconds=301))
    assert not verify(NEW, b"{}", header, now=NOW - timedelta(seconds=301))


@pytest.mark.parametrize("header", ["", "t=,v1=", "v1=00", "t=1,v1=zz", "t=1,v1=" + "0" * 63, "t=1;v1=" + "0" * 64])
def test_headers_that_are_none(header: str) -> None:
    assert not verify(NEW, b"{}", header, now=NOW)
