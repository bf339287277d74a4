"""How each platform behaves at the terminal: prompts, set-up commands, pages and the answer to nonsense."""

from __future__ import annotations

import re

import attrs


@attrs.frozen
class Manners:
    """One platform's terminal. `error` is formatted with `caret`, the spaces before the mark."""

    error: str
    more: str = " --More-- "
    prompt: str = "{name}{sign}"
    has_enable: bool = False
    setup: str = r"term(inal)? .*"
    leave: str = r"exit|logout|quit|end"
    acknowledge: tuple[tuple[str, str], ...] = ()
    """(pattern of a set-up command, what is printed for it)"""
    unprivileged: str = r"show (version|clock)"
    """What may be asked before `enable`."""


IOS = Manners(
    error="{caret}^\n% Invalid input detected at '^' marker.\n",
    has_enable=True,
)
EOS_SAYS = (
    (r"term(?:inal)? width (\d+)", r"Width set to \1 columns."),
    (r"term(?:inal)? len(?:gth)? 0", "Pagination disabled."),
    (r"term(?:inal)? len(?:gth)? (\d+)", r"Pagination length set to \1."),
)
JUNOS_SAYS = (
    (r"set cli screen-length (\d+)", r"Screen length set to \1\n"),
    (r"set cli screen-width (\d+)", r"Screen width set to \1\n"),
    (r"set cli complete-on-space off", "Disabling complete-on-space\n"),
)
PLATFORMS = {
    "cisco_ios": IOS,
    "cisco_xe": IOS,
    "cisco_nxos": Manners(error="{caret}^\n% Invalid command at '^' marker.", more="--More--"),
    "arista_eos": Manners(error="% Invalid input", more="--More--", has_enable=True, acknowledge=EOS_SAYS),
    "juniper_junos": Manners(
        error="{caret}^\nunknown command.\n",
        more="---(more)---",
        prompt="{user}@{name}> ",
        setup=r"set cli .*",
        acknowledge=JUNOS_SAYS,
    ),
}


def invalid(platform: str, prompt: str, command: str) -> str:
    """What the platform says to a command it does not know: the mark stands below the last word."""
    caret = " " * (len(prompt) + command.rstrip().rfind(" ") + 1)
    return PLATFORMS[platform].error.format(caret=caret)


def is_setup(platform: str, command: str) -> bool:
    """Whether the command only prepares the terminal."""
    return re.fullmatch(PLATFORMS[platform].setup, command) is not None


def page_length(command: str) -> int | None:
    """The page length a set-up command asks for, None if it asks for none; 0 is no pages."""
    match = re.fullmatch(r"term(?:inal)? len(?:gth)? (\d+)|set cli screen-length (\d+)", command)
    return int(match[1] or match[2]) if match else None


def acknowledgement(platform: str, command: str) -> str:
    """What the platform prints for a set-up command: mostly nothing."""
    for pattern, text in PLATFORMS[platform].acknowledge:
        match = re.fullmatch(pattern, command)
        if match:
            return match.expand(text)
    return ""
