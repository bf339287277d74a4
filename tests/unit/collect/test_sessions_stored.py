"""Layer 1 and files as sessions, and the device only for what they lack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from nautobot_topology_cache.collect.results import ABSENT, Ask, Reply
from nautobot_topology_cache.collect.sessions import ReadThrough, Replay, Stored, StoredOutput

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
ROUTES = Ask("show ip route vrf blue", "blue")


def stored(age: float, ttl: float | None) -> Stored:
    output = StoredOutput("kept", NOW - timedelta(seconds=age), 1.5)
    return Stored({(ROUTES.command, ROUTES.context): lambda: output}, ttl, lambda: NOW)


@attrs.define
class Device:
    asked: list[Ask] = attrs.field(factory=list)
    connections: int = 0
    commands_sent: int = 0
    host_key: str = ""
    closed: bool = False

    def answer(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        self.connections, self.commands_sent, self.host_key = 1, len(self.asked), "ssh-ed25519 AAAA"
        return Reply("live", NOW, "device")

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("age", "ttl", "hit"), [(59, 60, True), (60, 60, False), (0, 0, False), (10**9, None, True)])
def test_stored_answer_serves_until_its_time_to_live_is_over(age: float, ttl: float | None, hit: bool) -> None:
    reply = stored(age, ttl).answer(ROUTES)
    assert (reply.failure is None) is hit
    if hit:
        assert reply == Reply("kept", NOW - timedelta(seconds=age), "cache", 1.5)


def test_a_commands_own_time_to_live_wins_but_not_over_for_ever() -> None:
    ask = attrs.evolve(ROUTES, ttl=5)
    assert stored(6, 60).answer(ask).failure is not None
    assert stored(6, None).answer(ask).failure is None


def test_another_context_is_another_answer() -> None:
    assert stored(0, 60).answer(Ask(ROUTES.command, "red")).failure is not None


def test_device_is_asked_only_for_what_is_not_stored() -> None:
    device = Device()
    session = ReadThrough(stored(0, 60), device)
    assert session.answer(ROUTES).text == "kept"
    assert (session.connections, session.commands_sent, session.host_key) == (0, 0, "")
    assert session.answer(Ask("show clock")).text == "live"
    assert device.asked == [Ask("show clock")]
    assert (session.connections, session.commands_sent, session.host_key) == (1, 1, "ssh-ed25519 AAAA")
    session.close()
    assert device.closed


def test_replay_reads_files_named_by_their_command(tmp_path: Path) -> None:
    (tmp_path / "show interfaces %7C json.txt").write_bytes(b'{"a": "\xff"}')
    replay = Replay(tmp_path, NOW)
    assert replay.answer(Ask("show interfaces | json")) == Reply('{"a": "\udcff"}', NOW, "device")
    assert replay.answer(Ask("show clock")).failure == ABSENT
