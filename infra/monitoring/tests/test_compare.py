from monitor.compare import Use, catalogue, elsewhere, exposed_by, problems, recorded
from monitor.promql import Selector

EXPOSITION = """# TYPE requests_total counter
requests_total{status="200"} 3
# TYPE refused_total counter
# TYPE old_style counter
old_style{a="x,y}",b="\\"q"} 1
# TYPE slow_seconds histogram
slow_seconds_bucket{le="1.0"} 1
slow_seconds_bucket{le="+Inf"} 1
slow_seconds_count 1
slow_seconds_sum 0.5
# TYPE alive gauge
alive 1
"""


def test_names_and_labels_are_read_and_a_metric_without_a_series_has_the_labels_of_the_catalogue() -> None:
    found = exposed_by(EXPOSITION, {"refused_total": frozenset({"reason"})})
    assert found["requests_total"] == {"status"}
    assert found["refused_total"] == {"reason"}
    assert found["slow_seconds_bucket"] == {"le"}
    assert found["slow_seconds_count"] == frozenset()
    assert found["alive"] == frozenset()
    assert found["old_style"] == {"a", "b"}


def test_an_unknown_metric_and_an_unknown_label_are_problems_and_what_prometheus_adds_is_not() -> None:
    known = exposed_by(EXPOSITION, {})
    asked = [
        Use("here", Selector("requests_total", frozenset({"status", "job", "instance"}))),
        Use("here", Selector("requests_total", frozenset({"code"}))),
        Use("there", Selector("requests", frozenset())),
    ]
    assert list(problems(asked, known)) == [
        "here: requests_total has no label code; it has ['status']",
        "there: nobody exposes requests",
    ]


def test_the_catalogue_names_labels_of_histograms_with_their_suffixes() -> None:
    promised = catalogue()
    assert promised["http_requests_total"] == {"method", "route", "status"}
    assert promised["http_request_duration_seconds_bucket"] == {"method", "route", "le"}
    assert promised["schedulers_alive"] == frozenset()


def test_recorded_series_have_the_labels_of_their_grouping() -> None:
    assert recorded()["job:api_requests:rate5m"] == {"job"}


def test_the_committed_list_knows_traefik() -> None:
    assert "entrypoint" in elsewhere()["traefik_entrypoint_requests_total"]
