from pathlib import Path

import yaml

from monitor.configuration import (
    alertmanager_config,
    checkable_alertmanager_config,
    jobs,
    prometheus_config,
    write_rules,
)
from monitor.files import PROMETHEUS, RULES, read_yaml

TARGETS = {"core-api": ["127.0.0.1:1"], "alertmanager": ["127.0.0.1:2"]}


def test_the_local_prometheus_has_the_jobs_that_run_with_their_addresses_and_no_dns() -> None:
    config = prometheus_config(TARGETS, rules="/rules/*.yml", interval="1s")
    assert [job["job_name"] for job in config["scrape_configs"]] == ["core-api", "alertmanager"]
    assert config["scrape_configs"][0]["static_configs"] == [{"targets": ["127.0.0.1:1"]}]
    assert config["alerting"]["alertmanagers"] == [{"static_configs": [{"targets": ["127.0.0.1:2"]}]}]
    assert config["global"]["scrape_interval"] == config["global"]["evaluation_interval"] == "1s"
    assert "dns_sd_configs" not in yaml.safe_dump(config)


def test_every_process_of_compose_is_scraped_by_a_name_that_all_its_replicas_answer_to() -> None:
    assert {"core-api", "core-scheduler", "ai-svc", "worker-svc", "gateway", "postgres", "node"} <= set(jobs())
    for job in read_yaml(PROMETHEUS)["scrape_configs"]:
        (lookup,) = job["dns_sd_configs"]
        assert lookup["type"] == "A"
        assert lookup["port"]


def test_the_local_alertmanager_routes_alike_and_tells_loopback_only() -> None:
    config = alertmanager_config("http://127.0.0.1:3", quick=True)
    production = checkable_alertmanager_config()
    assert config["inhibit_rules"] == production["inhibit_rules"]
    assert [route["receiver"] for route in config["route"]["routes"]] == ["heartbeat", "pages", "tickets"]
    urls = [webhook["url"] for receiver in config["receivers"] for webhook in receiver["webhook_configs"]]
    assert sorted(urls) == ["http://127.0.0.1:3/heartbeat", "http://127.0.0.1:3/pages", "http://127.0.0.1:3/tickets"]
    assert "email_configs" not in yaml.safe_dump(config)


def test_rules_are_taken_as_they_are_or_without_their_waiting_and_old_copies_go(tmp_path: Path) -> None:
    (tmp_path / "gone.yml").write_text("groups: []")
    write_rules(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in RULES.iterdir()} - {"gateway.yml"}
    assert "for: 30s" in (tmp_path / "engine.yml").read_text()
    write_rules(tmp_path, at_once=True)
    assert "for:" not in (tmp_path / "engine.yml").read_text()
