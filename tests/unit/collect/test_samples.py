"""Every sample becomes what stands beside it."""

import pytest

from nautobot_topology_cache.collect.platforms import platforms
from tests.unit.collect.samples import Sample, became, commands, samples

SAMPLES = list(samples())


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda sample: f"{sample.driver}/{sample.path.parent.name}/{sample.path.stem}"
)
def test_sample_becomes_its_rows(sample: Sample) -> None:
    expected = sample.expected
    given = {name: expected.pop(name) for name in ("context", "vrf_of") if name in expected}
    assert became(sample, given) == expected


def test_samples_belong_to_commands_and_their_json_is_well_formed() -> None:
    known = {
        "context",
        "vrf_of",
        "outcome",
        "reason",
        "serves",
        "closes",
        "vrfs",
        "tables",
        "filtered",
        "rejected",
        "unparsed",
    }
    asked = {driver: {command.text for command in commands(platform)} for driver, platform in platforms().items()}
    assert [sample.path for sample in SAMPLES if sample.command not in asked[sample.driver]] == []
    assert [sample.path for sample in SAMPLES if not set(sample.expected) <= known] == []


def test_a_wrong_row_is_noticed() -> None:
    sample = next(sample for sample in SAMPLES if sample.expected.get("tables", {}).get("routes"))
    expected = sample.expected
    given = {name: expected.pop(name) for name in ("context", "vrf_of") if name in expected}
    expected["tables"]["routes"][0]["prefix"] = "203.0.113.0/24"
    assert became(sample, given) != expected
