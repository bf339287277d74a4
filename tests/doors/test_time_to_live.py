"""An entry of a platform that says how long its own answer serves is heard, whatever the setting is."""

from datetime import timedelta

import attrs
import pytest
from django.utils import timezone

from nautobot_topology_cache.collect.commands import Entry
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.models import CommandOutput
from nautobot_topology_cache.queries import expires_at, serving
from tests.doors import scripted

pytestmark = pytest.mark.django_db
OWN = {"routes": 0.0, "ports": 3600.0}
"""Command -> seconds."""


@pytest.fixture
def own(monkeypatch):
    """The platform of the scripted devices, two of whose commands have a time to live of their own."""

    def lasting(entry: Entry) -> Entry:
        return Entry(tuple(attrs.evolve(one, ttl=OWN.get(one.text)) for one in entry.alternatives))

    entries = tuple(map(lasting, scripted.PLATFORM.entries))
    monkeypatch.setattr(scripted, "PLATFORM", attrs.evolve(scripted.PLATFORM, entries=entries))
    platforms.cache_clear()
    yield
    platforms.cache_clear()


@pytest.mark.parametrize(("minutes", "again"), [(30, {"routes"}), (0, set(scripted.USUAL) - {"ports"})])
def test_a_commands_own_time_to_live_is_used(own, network, devices, discover, minutes, again):
    discover(devices=devices[:1])
    item = discover(devices=devices[:1], command_ttl_minutes=minutes).items.get()
    assert {one["command"] for one in item.commands if one["source"] == "device"} == again
    assert {one["command"] for one in item.commands if one["source"] == "cache"} == set(scripted.USUAL) - again


def test_what_is_said_of_an_answer_goes_by_its_own_time_to_live(own, network, devices, discover):
    discover(devices=devices[:1])
    outputs = {one.command: one for one in CommandOutput.objects.filter(device=devices[0])}
    lasting = {command: expires_at(one) - one.collected_at for command, one in outputs.items()}
    usual = dict.fromkeys(outputs, timedelta(minutes=30))
    assert lasting == {**usual, **{command: timedelta(seconds=seconds) for command, seconds in OWN.items()}}
    for minutes, serve in ((0, set(outputs) - {"routes"}), (45, {"ports"}), (61, set())):
        then = CommandOutput.objects.filter(serving(timezone.now() + timedelta(minutes=minutes)))
        assert set(then.values_list("command", flat=True)) == serve
