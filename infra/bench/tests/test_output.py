"""What `make bench` prints is its report, whatever the services' code that it runs has to say."""

import logging

import pytest

from bench import __main__ as bench
from bench.report import Measure
from shared_utils.logging import configure_logging


async def _chatty() -> list[Measure]:
    configure_logging(service="app", level="INFO")
    return []


async def _indexing() -> list[Measure]:
    logging.getLogger("ai_svc").info("document indexed")
    logging.getLogger("ai_svc").warning("something is wrong")
    return []


async def test_a_measurement_does_not_inherit_the_log_of_the_one_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "MEASUREMENTS", {"one": (_chatty, 5), "two": (_indexing, 5)})
    await bench._measure(["one", "two"])
    printed = capsys.readouterr()
    assert "document indexed" not in printed.out + printed.err
    assert "something is wrong" in printed.out
