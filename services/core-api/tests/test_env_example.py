"""`.env.example` names exactly the settings that the processes read."""

import re
from pathlib import Path

from core_api.scheduler import SchedulerSettings
from core_api.settings import MigrationSettings, Settings

EXAMPLE = Path(__file__).resolve().parents[1] / ".env.example"


def test_the_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#?(CORE_API_[A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    read = {*Settings.model_fields, *MigrationSettings.model_fields, *SchedulerSettings.model_fields}
    assert sorted(named) == sorted(f"CORE_API_{name.upper()}" for name in read)
