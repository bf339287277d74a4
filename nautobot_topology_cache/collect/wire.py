"""The wire: a device over SSH as a Session. Opened by the first question, replaced once when it is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import attrs

from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.connection import Connection, HostKeyPolicy, connection
from nautobot_topology_cache.collect.errors import SessionError
from nautobot_topology_cache.collect.failures import FOREIGN, failure, meaning
from nautobot_topology_cache.collect.parse.clean import clean
from nautobot_topology_cache.collect.results import CANCELLED, Ask, Failure, Reply
from nautobot_topology_cache.collect.targets import Target
from nautobot_topology_cache.collect.terminal import Terminal


@attrs.frozen(kw_only=True)
class WireOptions:
    """What the settings say about every device alike."""

    host_key_policy: HostKeyPolicy
    connect_retries: int
    """How often a connection that timed out is tried again; a refused login never is."""
    max_answer_bytes: int
    ssh_config_file: str = ""


@attrs.frozen
class Allowance:
    """What a session may take: time until `deadline` (`time.monotonic()`), and a login whenever `admit` returns.

    `admit` is False once nobody wants the session any more.
    """

    deadline: float | None = None
    admit: Callable[[], bool] = lambda: True

    def until(self, seconds: float) -> float:
        """The end of a wait of so many seconds that begins now."""
        end = time.monotonic() + seconds
        return end if self.deadline is None else min(end, self.deadline)

    @property
    def spent(self) -> bool:
        return self.deadline is not None and time.monotonic() >= self.deadline


@attrs.define
class Wire:
    """One device, logged in to at the first question."""

    target: Target
    platform: Platform
    options: WireOptions
    allowance: Allowance = Allowance()
    connections: int = attrs.field(default=0, init=False)
    commands_sent: int = attrs.field(default=0, init=False)
    """Show commands; set-up commands are not counted."""
    host_key: str = attrs.field(default="", init=False)
    """The key of the device, once it was logged in to."""
    _connection: Connection | None = attrs.field(default=None, init=False)
    _terminal: Terminal | None = attrs.field(default=None, init=False)
    _lost: bool = attrs.field(default=False, init=False)
    _end: Failure | None = attrs.field(default=None, init=False)

    def answer(self, ask: Ask) -> Reply:
        if self._terminal is not None and self._terminal.gone:
            self._judge(Failure("disconnected", "the device hung up between two commands"))
        try:
            terminal = self._terminal or self._open()
        except SessionError as error:
            self.close()
            self._end = self._or_overdue(error.failure)
            return Reply(failure=self._end)
        self.commands_sent += 1
        began = time.monotonic()
        try:
            body = terminal.ask(ask.command, self.allowance.until(ask.timeout or self.target.timeouts.command))
        except SessionError as error:
            first, unheard = not self._lost, not terminal.answering
            failure = self._judge(error.failure)
            if failure.word == "disconnected" and first and unheard:
                # The device hung up while the command was on its way: asking again costs nothing but a login.
                return self.answer(ask)
            return Reply(duration=time.monotonic() - began, failure=failure)
        return Reply(body.decode("utf-8", "surrogateescape"), datetime.now(UTC), "device", time.monotonic() - began)

    def close(self) -> None:
        """Hang up."""
        held, self._connection, self._terminal = self._connection, None, None
        if held is not None:
            held.disconnect()

    def _judge(self, lost: Failure) -> Failure:
        """What a failed answer means for the session: a lost one is replaced, but only once."""
        if lost.word == "truncated":
            return lost
        self.close()
        if lost.word == "too_large":
            return lost
        if self._lost:
            self._end = Failure("disconnected", f"the session was lost twice, at last by {lost}")
        self._lost = True
        return self._or_overdue(lost)

    def _or_overdue(self, failure: Failure) -> Failure:
        """A wait that the device's deadline has cut short is not the device's fault."""
        return (failure.word == "timeout" and self._overdue()) or failure

    def _overdue(self) -> Failure | None:
        if not self.allowance.spent:
            return None
        return Failure("deadline", f"the device has had its {self.target.timeouts.device:g} s (`device_timeout`)")

    def _open(self) -> Terminal:
        """A session ready for show commands. A connection that times out is tried again, a refused login never."""
        tries_left = self.options.connect_retries
        while True:
            if ended := self._end or self._overdue():
                raise SessionError(ended)
            if not self.allowance.admit():
                raise SessionError(CANCELLED)
            try:
                return self._log_in()
            except FOREIGN as error:
                self.close()
                if not meaning(error).again or not tries_left:
                    raise SessionError(self._overdue() or failure(error)) from error
                tries_left -= 1

    def _log_in(self) -> Terminal:
        patience = max(self.allowance.until(1e6) - time.monotonic(), 0.001)
        made = self._connection = connection(
            self.target, self.options.host_key_policy, self.options.ssh_config_file, patience
        )
        try:
            made.open()
        finally:
            self.connections += made.contacted
        self.host_key = made.host_key()
        terminal = Terminal(made.terminal_channel, self.options.max_answer_bytes)
        until = self.allowance.until(self.target.timeouts.auth)
        if not self.platform.setup:
            made.prepare_session()
        terminal.learn_prompt(until)
        if self.platform.enable and terminal.prompt.endswith(b">"):
            terminal.enable(self.target.credentials.secret, until)
        for command in self.platform.setup:
            self._set_up(terminal, command)
        self._terminal = terminal
        return terminal

    def _set_up(self, terminal: Terminal, command: str) -> None:
        """Send a set-up command; whether the device must know it is the platform's word."""
        body = terminal.ask(command, self.allowance.until(self.target.timeouts.command))
        if self.platform.setup_failure == "ignore":
            return
        said = clean(body.decode("utf-8", "replace"), command).strip()
        if any(known.pattern.search(said) for known in self.platform.verdicts):
            raise SessionError(Failure("denied", f"`{command}` was answered by: {said.splitlines()[0]}"))
