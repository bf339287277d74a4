"""What a terminal or a careless collector adds is taken away; what the device said stays."""

import pytest

from nautobot_topology_cache.collect.parse.clean import clean

COMMAND = "show ip arp"
BODY = "Protocol  Address\nInternet  192.0.2.1"


@pytest.mark.parametrize(
    "answer",
    [
        BODY,
        f"{COMMAND}\n{BODY}",
        f"sw1#{COMMAND}\n{BODY}",
        f"sw1# {COMMAND}\n{BODY}\nsw1#",
        f"sw1#sh ip arp\n{BODY}\nsw1#\n",
        f"joe@sw1> {COMMAND} | no-more\n{BODY}\n\njoe@sw1> ",
        f"show arp ip\n{BODY}",
        f"\n\nsw1>{COMMAND}  \r\n" + BODY.replace("\n", "\r\n"),
        BODY.replace("\n", "\r\r\n"),
        f"\x1b[2J\x1b[1;1Hsw1#{COMMAND}\n\x1b[0m{BODY}\x1b[K",
        "Protocol  Addrexx\x08\x08ss\nInternet  192.0.2.1",
        f"sw1#{COMMAND}\nLoad for five secs: 2%/0%; \nTime source is NTP, 10:17:31 UTC Tue Mar 4 2025\n{BODY}",
        f"Tue Mar  4 10:17:31.204 UTC\n{BODY}",
        f"    sw1#{COMMAND}\n    Protocol  Address\n    Internet  192.0.2.1\n    sw1#",
        "Protocol  Address\n*Mar  4 10:17:31.204: %SYS-5-CONFIG_I: Configured from console by joe\nInternet  192.0.2.1",
        "Protocol  Address\n000123: Mar  4 10:17:31.204 UTC: %LINK-3-UPDOWN: Gi0/1, changed state\nInternet  192.0.2.1",
        f"\x00{BODY}",
    ],
)
def test_only_the_answer_stays(answer: str) -> None:
    assert clean(answer, COMMAND).strip("\n") == BODY


@pytest.mark.parametrize(
    "line",
    [
        "% Invalid input detected at '^' marker.",
        "  Name                             Default RD            Protocols   Interfaces",
        "Gi1/0/1 is up, %usage-5-high is what somebody wrote",
        " *>  10.0.0.0/8       192.0.2.1",
        "  GUEST                            <not set>",
    ],
)
def test_lines_of_the_device_stay(line: str) -> None:
    assert clean(f"{line}\nand more", COMMAND) == f"{line}\nand more"


def test_a_line_of_spaces_is_empty() -> None:
    assert clean("a\n      \nb", COMMAND) == "a\n\nb"
