"""Where an answer begins and ends, whatever the device does in between."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nautobot_topology_cache.collect import answer
from nautobot_topology_cache.collect.errors import SessionError
from nautobot_topology_cache.collect.terminal import Terminal
from tests.unit.collect.scripted_channel import CLOSED, SILENCE, ScriptedChannel

COMMAND = "show ip route"
ECHO = b"show ip route\r\n"
SECRET = "s3cret"
BODY = b"C  10.0.0.0/24 is directly connected, Vlan1\r\nC  10.0.1.0/24 is directly connected, Vlan2\r\n"
PROMPT = b"sw1#"


def soon() -> float:
    return time.monotonic() + 0.05


def ask(*plays: bytes | None, replies: dict[bytes, list[bytes | None]] | None = None, **options) -> bytes:
    terminal = Terminal(ScriptedChannel(plays, replies), options.pop("limit", 1 << 20), PROMPT, **options)
    return terminal.ask(COMMAND, soon())


def failure(*plays: bytes | None, **options) -> str:
    with pytest.raises(SessionError) as raised:
        ask(*plays, **options)
    return str(raised.value.failure)


def test_answer_is_what_stands_between_echo_and_prompt() -> None:
    assert ask(ECHO + BODY + PROMPT) == BODY


def test_empty_answer() -> None:
    assert ask(ECHO + PROMPT) == b""


@given(st.lists(st.integers(1, 60), max_size=12), st.booleans())
def test_fragments_never_change_the_answer(cuts: list[int], like_a_prompt: bool) -> None:
    """Even when a fragment ends behind a line that equals the prompt, as long as the device does not pause there."""
    body = BODY + (b"sw1#\r\nsw1# and more\r\n" if like_a_prompt else b"") + BODY
    stream, pieces = ECHO + body + PROMPT, []
    for cut in cuts:
        pieces.append(stream[:cut])
        stream = stream[cut:]
    assert ask(*(piece for piece in [*pieces, stream] if piece)) == body


def test_stale_prompt_before_the_echo_is_not_the_answer() -> None:
    assert ask(b"\r\nsw1#", SILENCE, ECHO + BODY + PROMPT, echoes=True) == BODY


def test_log_messages_around_the_answer_are_left_out() -> None:
    log = b"\r\n*Mar  1 00:00:01.000: %SYS-5-CONFIG_I: Configured from console\r\n"
    assert ask(log + PROMPT + ECHO + BODY + PROMPT) == BODY
    assert ask(ECHO + BODY + PROMPT + log + PROMPT) == BODY
    assert ask(ECHO + BODY + PROMPT + log, SILENCE, replies={b"\n": [b"\r\nsw1#"]}) == BODY


def test_wrapped_echo() -> None:
    assert ask(b"show ip ro\r\r\nute\r\n" + BODY + PROMPT) == BODY
    assert ask(b"show ip ro \x08ute\r\n" + BODY + PROMPT) == BODY


def test_device_without_echo_is_noticed_once() -> None:
    channel = ScriptedChannel([BODY + PROMPT])
    terminal = Terminal(channel, 1 << 20, PROMPT)
    assert terminal.ask(COMMAND, soon()) == BODY
    assert terminal.echoes is False
    channel.plays.append(BODY + PROMPT)
    assert terminal.ask(COMMAND, soon()) == BODY
    assert channel.sent == [b"show ip route\n"] * 2


def test_prompt_within_a_line_is_a_truncated_answer() -> None:
    cut_off = ECHO + BODY + b"C  10.0.2.0/24 is dir" + PROMPT
    assert failure(cut_off, SILENCE, replies={b"\n": [b"\r\nsw1#"]}).startswith("truncated: ")


def test_json_without_a_final_line_end_is_complete() -> None:
    assert ask(ECHO + b'{"a": 1}' + PROMPT, SILENCE, replies={b"\n": [b"\r\nsw1#"]}) == b'{"a": 1}'


def test_changed_prompt_is_learned() -> None:
    channel = ScriptedChannel([ECHO + BODY + b"core#", SILENCE], {b"\n": [b"\r\ncore#"]})
    terminal = Terminal(channel, 1 << 20, PROMPT)
    assert terminal.ask(COMMAND, soon()) == BODY
    assert terminal.prompt == b"core#"


def test_slow_answer_is_not_mistaken_for_a_changed_prompt() -> None:
    """A table's last line may look like a prompt: the rest comes, and the empty command's own prompt after it."""
    head = ECHO + b"Codes: B - BGP, # - stale >"
    assert ask(head, SILENCE, b"\r\n" + BODY + PROMPT + b"\r\nsw1#") == b"Codes: B - BGP, # - stale >\r\n" + BODY


@pytest.mark.parametrize(
    ("pager", "erased"),
    [
        (b" --More-- ", b"\x08" * 9 + b" " * 8 + b"\x08" * 9),
        (b"--More--", b"\r        \r"),
        (b"\x1b[7m--More--\x1b[27m", b"\r\x1b[K"),
        (b"---(more 40%)---", b"\r" + b" " * 40 + b"\r"),
    ],
)
def test_pages_are_turned_and_leave_no_trace(pager: bytes, erased: bytes) -> None:
    line = b"   indented 1\r\n"
    channel = ScriptedChannel([ECHO + BODY + pager], {b" ": [erased + line + PROMPT]})
    answer = Terminal(channel, 1 << 20, PROMPT).ask(COMMAND, soon())
    assert answer.replace(b"\r", b"").replace(b"\n\n", b"\n") == (BODY + line).replace(b"\r", b"")
    assert channel.sent[1:] == [b" "]


def test_pager_in_fragments_is_answered_once() -> None:
    channel = ScriptedChannel([ECHO + b"a\r\n --Mo", b"re--", b" "], {b" ": [b"\x08" * 9 + b"b\r\n" + PROMPT]})
    assert Terminal(channel, 1 << 20, PROMPT).ask(COMMAND, soon()) == b"a\r\nb\r\n"
    assert channel.sent.count(b" ") == 1


def test_escape_sequences_in_prompt_and_answer() -> None:
    assert ask(b"\x1b[K" + ECHO + b"\x1b[1mname\x1b[0m\r\n\x1b[K" + PROMPT + b"\x1b[K") == b"name\r\n"


def test_bytes_that_are_no_text_survive() -> None:
    assert ask(ECHO + b"caf\xe9 \xff\r\n" + PROMPT) == b"caf\xe9 \xff\r\n"


def test_lines_above_every_prompt_are_no_part_of_the_answer() -> None:
    assert ask(ECHO + BODY + b"\r\n{master:0}\r\n" + PROMPT, prologue=b"{master:0}").rstrip() == BODY.rstrip()


def test_hang_names_the_last_line() -> None:
    assert failure(ECHO + b"Building configuration...\r\nstill") == (
        "timeout: the answer did not end, its last line is 'still'"
    )


def test_closed_session() -> None:
    assert failure(ECHO + BODY, CLOSED).startswith("disconnected: ")


def test_session_that_ends_after_its_answer_has_answered() -> None:
    channel = ScriptedChannel([ECHO + BODY + PROMPT, CLOSED])
    terminal = Terminal(channel, 1 << 20, PROMPT)
    assert terminal.ask(COMMAND, soon()) == BODY
    assert terminal.gone


def test_answer_beyond_the_limit() -> None:
    assert failure(ECHO + BODY, limit=64).startswith("too_large: more than 64 bytes")


class Login:
    """Terminals that are just logged in to."""

    @staticmethod
    def learn(*plays: bytes | None, prompts: list[bytes | None]) -> Terminal:
        terminal = Terminal(ScriptedChannel(plays, {b"\n": prompts}), 1 << 20)
        terminal.learn_prompt(soon())
        return terminal


def test_prompt_is_what_comes_back() -> None:
    assert Login.learn(b"\r\nWelcome\r\nsw1#", prompts=[b"\r\nsw1#"]).prompt == b"sw1#"


def test_banner_lines_that_look_like_prompts() -> None:
    terminal = Login.learn(b"\r\n### Keep out ###", SILENCE, b"\r\nsw1#", prompts=[b"\r\nsw1#"])
    assert terminal.prompt == b"sw1#"


def test_device_that_waits_for_a_key() -> None:
    assert Login.learn(SILENCE, prompts=[b"\r\nsw1>"]).prompt == b"sw1>"


def test_junos_member_role_is_learned() -> None:
    terminal = Login.learn(b"\r\n{master:0}\r\njoe@r1> ", prompts=[b"\r\n{master:0}\r\njoe@r1> "])
    assert (terminal.prompt, terminal.prologue) == (b"joe@r1>", b"{master:0}")


def test_no_prompt_at_all() -> None:
    with pytest.raises(SessionError, match="timeout: no prompt came"):
        Login.learn(b"Password expired, change it now", prompts=[])


def test_empty_line_never_answers_a_question() -> None:
    channel = ScriptedChannel([b"Your password has expired.\r\nNew password: "])
    with pytest.raises(SessionError, match="timeout: no prompt came, the last line is 'New password:'"):
        Terminal(channel, 1 << 20).learn_prompt(soon())
    assert channel.sent == []


def test_prompt_that_is_never_the_same_is_given_up() -> None:
    class Counting(ScriptedChannel):
        def sendall(self, data: bytes) -> None:
            super().sendall(data)
            self.plays.extend([f"\r\nsw1({len(self.sent)})#".encode(), SILENCE])

    with pytest.raises(SessionError, match="never the same twice"):
        Terminal(Counting([b"sw1(0)#"]), 1 << 20).learn_prompt(soon())


def enable(password_reply: list[bytes | None], secret: str = SECRET, asked: bytes = b"Password: ") -> Terminal:
    replies = {b"enable\n": [b"enable\r\n" + asked], b"s3cret\n": password_reply, b"\n": [b"\r\nsw1#"]}
    terminal = Terminal(ScriptedChannel((), replies), 1 << 20, b"sw1>")
    terminal.enable(secret, soon())
    return terminal


def test_enable_with_secret() -> None:
    assert enable([b"\r\nsw1#"]).prompt == b"sw1#"


def test_enable_without_password() -> None:
    terminal = enable([], secret="", asked=b"sw1#")
    assert terminal.prompt == b"sw1#"


def test_enable_without_secret_sends_nothing() -> None:
    with pytest.raises(SessionError, match="auth: enable asks for a password"):
        enable([], secret="")


@pytest.mark.parametrize("refusal", [b"\r\nPassword: ", b"\r\n% Access denied\r\n\r\nsw1>"])
def test_refused_secret_is_sent_once_and_never_told(refusal: bytes) -> None:
    with pytest.raises(SessionError, match="auth: enable was refused") as raised:
        enable([SILENCE, refusal])
    assert SECRET not in str(raised.value)


def test_a_secret_that_the_device_echoes_is_not_told_either() -> None:
    with pytest.raises(SessionError, match="timeout: no prompt came") as raised:
        enable([SILENCE, SECRET.encode()])
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(("moments", "settles"), [((10.0, 10.05, 10.06), 0.03), ((10.0, 10.01, 10.06), 0.15)])
def test_pauses_are_those_within_an_answer_and_not_the_way_to_the_device(monkeypatch, moments, settles) -> None:
    clock = iter(moments)
    monkeypatch.setattr(answer, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    one = answer.Answer(b"show x", b"sw1#", echoes=True, limit=1000)
    for chunk in (b"show x\r\n", b"a row\r\n", b"another\r\nsw1#"):
        one.add(chunk)
    assert one.settle() == pytest.approx(settles)
