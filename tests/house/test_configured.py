import json
from functools import cache

import pytest

from tests.house.rules.configured import LATER, READER, declared, readings, violations
from tests.house.source import PACKAGE, package

SCHEMA = (PACKAGE / "app-config-schema.json").read_text("utf-8")


def changed(name: str, **values: object) -> str:
    """The schema with another description of one setting."""
    schema = json.loads(SCHEMA)
    described = {**schema["properties"].get(name, {}), **values}
    schema["properties"][name] = {key: value for key, value in described.items() if value is not None}
    return json.dumps(schema)


def told_of(second: str = "", schema: str = SCHEMA, **changes: str) -> list[str]:
    """What is told of a changed package and was not told of the package itself."""
    files = {**package(), **changes, "second.py": second}
    return [one for one in violations(files, schema) if one not in of_the_package()]


@cache
def of_the_package() -> list[str]:
    return violations(package(), SCHEMA)


def test_every_setting_is_described_and_read_once():
    assert of_the_package() == []


def test_the_settings_are_those_of_the_frozen_value():
    code = package()[READER]
    assert all(f"    {name}: " in code or f'"{name}"' in code for name in declared(package()))


def test_readings_are_found():
    assert len(readings(package())["ssh_port"]) == 1
    assert len(readings(package())["command_ttl_minutes"]) == 1


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (changed("ssh_port", default=2222), "the default of `ssh_port` is not 22"),
        (changed("unparsed_share", default=0), "the default of `unparsed_share`"),
        (changed("ssh_port", maximum=None), "`ssh_port` has neither a range"),
        (changed("host_key_policy", enum=None), "`host_key_policy` has neither a range"),
        (changed("ssh_port", description=""), "`ssh_port` has no description"),
        (changed("colour", default="red"), "there is no setting `colour`"),
    ],
)
def test_a_wrong_description_is_reported(schema, told):
    (found,) = told_of(schema=schema)
    assert told in found


def test_a_setting_that_is_not_described_is_reported():
    declaration = package()["__init__.py"].replace('"ssh_port": 22,', '"ssh_port": 22, "colour": "red",')
    found = told_of(**{"__init__.py": declaration})
    assert found == [
        "__init__.py: `colour` is not in app-config-schema.json",
        "__init__.py: no code reads the setting `colour`",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "port = settings().ssh_port",
        "port = configuration.settings().ssh_port",
        "class Run:\n    def port(self):\n        return self.settings.ssh_port",
        "def port():\n    ours = settings()\n    return ours.ssh_port",
        "def port(given: Settings):\n    return given.ssh_port",
    ],
)
def test_a_second_reading_is_reported(source):
    (found,) = told_of(source)
    assert found.startswith("`ssh_port` is read in 2 places")
    assert "second.py" in found


def test_a_reading_past_the_frozen_value_is_reported():
    (found,) = told_of("port = django.conf.settings.PLUGINS_CONFIG['nautobot_topology_cache']")
    assert found == "second.py:1: settings are read in configuration.py alone"


def test_a_setting_of_a_later_feature_is_taken_off_the_list_once_it_is_read(monkeypatch):
    of_the_package()
    monkeypatch.setitem(LATER, "history_days", "the purge of history")
    assert any("take it off LATER" in found for found in told_of())
