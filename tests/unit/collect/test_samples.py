"""Every sample becomes what stands beside it."""

import json

import pytest

from tests.unit.collect.samples import Sample, became, commands, samples

SAMPLES = list(samples())


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda sample: f"{sample.driver}/{sample.path.parent.name}/{sample.path.stem}"
)
def test_sample_becomes_its_rows(sample: Sample) -> None:
    expected = sample.expected
    given = {name: expected.pop(name) for name in ("context", "vrf_of") if name in expected}
    assert became(sample, given) == expected


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.path.stem)
def test_sample_belongs_to_a_command_and_its_json_is_well_formed(sample: Sample) -> None:
    assert sample.command in {command.text for command in commands(sample.platform)}
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
    assert set(json.loads(sample.path.with_suffix(".json").read_text())) <= known


def test_a_wrong_row_is_noticed() -> None:
    sample = next(sample for sample in SAMPLES if sample.expected.get("tables", {}).get("routes"))
    expected = sample.expected
    given = {name: expected.pop(name) for name in ("context", "vrf_of") if name in expected}
    expected["tables"]["routes"][0]["prefix"] = "203.0.113.0/24"
    assert became(sample, given) != expected
