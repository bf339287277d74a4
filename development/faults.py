"""What can go wrong in a run, and what the app has promised to do then: one table for tests, report and documentation.

`tests/faults` makes every one of them happen and names what it observed; `invoke faults` compares that with what is
stated here; `docs/admin/faults.md` shows it.
"""

from __future__ import annotations

import attrs

KEPT = "its rows are kept and shown as stale"
RIGHT = "all rows are right"


@attrs.frozen(kw_only=True)
class Fault:
    """One thing that goes wrong. `ends` is the device's status, with the table and the first words of the reason."""

    id: str
    happens: str
    ends: str
    rows: str
    sees: str
    do: str

    @property
    def stated(self) -> str:
        """What the report compares with what was observed."""
        return f"{self.ends}; {self.rows}"


def _device(id: str, happens: str, ends: str, sees: str, do: str, rows: str = KEPT) -> Fault:
    return Fault(id=id, happens=happens, ends=ends, rows=rows, sees=sees, do=do)


REACHING = (
    _device(
        "refused",
        "Nobody listens on the device's SSH port.",
        "failed: unreachable",
        "The device refuses connections to its SSH port.",
        "Switch SSH on, or set `topology_cache.ssh_port` in the config context.",
    ),
    _device(
        "no_route",
        "The network does not lead to the device's address.",
        "failed: unreachable",
        "The network does not lead there, or no answer in time.",
        "Look at the primary address and at the way from the worker to it.",
    ),
    _device(
        "no_banner",
        "The port is open and says nothing.",
        "failed: unreachable",
        "No answer in time, after `banner_timeout`.",
        "Look whether the port is SSH, and whether the device is overloaded.",
    ),
    _device(
        "no_common_kex",
        "The device and we have no key exchange in common.",
        "failed: unreachable",
        "The device offers only SSH algorithms that paramiko has given up.",
        "Update the device: a jump host passes on what both say, and changes nothing about it.",
    ),
    _device(
        "sha1_only",
        "The device knows only SHA-1: key exchange and signature of the host key.",
        "failed: unreachable, and with `ssh_legacy` completed",
        "The same text, which names the way out.",
        "Set `topology_cache.ssh_legacy: true` in that device's config context.",
        "its rows are kept, and with `ssh_legacy` right",
    ),
    _device(
        "bad_password",
        "The device refuses the password.",
        "failed: auth",
        "The device refuses these credentials. Tried once.",
        "Look at the device's secrets group.",
    ),
    _device(
        "locked_out",
        "The device hangs up as soon as somebody tries to log in.",
        "failed: auth",
        "The device ended the login. Tried once.",
        "Unlock the account; look at the AAA server.",
    ),
    _device(
        "host_key_changed",
        "The device shows another host key than the known one.",
        "failed: host_key",
        "Another host key than the known one; no password was sent.",
        "If the device was replaced, forget its key; else find out who answers there.",
    ),
    _device(
        "enable_refused",
        "The device does not let us into privileged mode.",
        "failed: auth",
        "Enable was refused.",
        "Look at `secret` in the device's secrets group.",
    ),
    _device(
        "hang_before_prompt",
        "The device takes the login and shows no prompt.",
        "failed: timeout",
        "No prompt came.",
        "Look at the device's lines and its AAA server.",
    ),
    _device(
        "drop_in_login",
        "The connection is lost right after the login.",
        "failed: disconnected",
        "The device closed the session.",
        "Look at the device's log: full lines, AAA.",
    ),
)

ANSWERS = (
    _device(
        "hang_in_command",
        "The device stops in the middle of an answer and says nothing any more.",
        "completed_with_errors: arp_entries: timeout",
        "The answer did not end; the last line that came.",
        "Raise `command_timeout`, or look at the device.",
    ),
    _device(
        "drip_within_limit",
        "An answer comes slowly, in pieces, within `command_timeout`.",
        "completed",
        "Nothing.",
        "Nothing.",
        RIGHT,
    ),
    _device(
        "drip_beyond_limit",
        "An answer comes slowly and does not end within `command_timeout`.",
        "completed_with_errors: arp_entries: timeout",
        "The answer did not end; the last line that came.",
        "Raise `command_timeout`.",
    ),
    _device(
        "drop_mid_output",
        "The connection is lost in the middle of an answer, once.",
        "completed_with_errors: arp_entries: disconnected",
        "The session was lost; the other commands were asked in a new one.",
        "Look at the device's log.",
    ),
    _device(
        "drop_between_commands",
        "The connection is lost after a complete answer, once.",
        "completed",
        "Two connections.",
        "Nothing.",
        RIGHT,
    ),
    _device(
        "truncated",
        "An answer ends in the middle of a line, with the prompt behind it.",
        "completed_with_errors: arp_entries: truncated",
        "The prompt follows within a line.",
        "Usually the next run is fine; else look for a proxy that cuts.",
    ),
    _device(
        "blank",
        "The device prints nothing where it has to print at least a header.",
        "completed_with_errors: interfaces: blank",
        "The device printed nothing. It is asked again next time.",
        "Look whether the account may see it.",
    ),
    _device(
        "garbage_bytes",
        "An answer is bytes that mean nothing.",
        "completed_with_errors: arp_entries: unparsed",
        "Lines that were not understood, the first of them.",
        "Look at the command output, and at the device.",
    ),
    _device(
        "wrong_encoding",
        "A description is in Latin-1.",
        "completed",
        "The description with a replacement character.",
        "Nothing, or UTF-8 on the device.",
        "the row has the description as far as it can be read, all others are right",
    ),
    _device("ansi", "The device colours its prompt and its lines.", "completed", "Nothing.", "Nothing.", RIGHT),
    _device(
        "syslog_mixed_in",
        "Log messages stand in the middle of answers and behind prompts.",
        "completed",
        "Nothing.",
        "Nothing; `no logging monitor` spares time.",
        RIGHT,
    ),
    _device(
        "prompt_changes",
        "The device gets another name while we are logged in.",
        "completed",
        "Nothing.",
        "Nothing.",
        RIGHT,
    ),
    _device(
        "paging_ignored",
        "The device turns pages although it was told not to.",
        "completed",
        "Nothing.",
        "Nothing.",
        RIGHT,
    ),
    _device(
        "denied_by_aaa",
        "The account may not run a command.",
        "completed_with_errors: arp_entries: denied",
        "What the device said.",
        "Give the account the right, or leave out the table.",
    ),
    _device(
        "unsupported_command",
        "The device does not know a command any more.",
        "completed: `show ip arp` unsupported",
        "The table is unsupported.",
        "Nothing; purge its rows if they are not wanted any more.",
    ),
    _device(
        "template_missing",
        "A site's platform file names a template that is not installed.",
        "completed_with_errors: arp_entries: unparsed",
        "There is no such template.",
        "Mend the platform file; `rebuild` then reads the stored answers.",
    ),
    _device(
        "template_raises",
        "A template cannot be read.",
        "completed_with_errors: arp_entries: unparsed",
        "The template's name and what is wrong with it.",
        "Mend the template; `rebuild` then reads the stored answers.",
    ),
    _device(
        "endless_line",
        "An answer is one line that never ends.",
        "completed_with_errors: arp_entries: too_large",
        "More bytes than `max_answer_mb`.",
        "Look at the device.",
    ),
    _device(
        "rows_100000",
        "A device has 100,000 ARP entries.",
        "completed",
        "100,000 rows.",
        "Nothing.",
        "100000 rows are stored, all others are right",
    ),
    _device(
        "duplicate_rows",
        "The device prints rows twice.",
        "completed",
        "The second ones are counted as filtered.",
        "Nothing.",
        RIGHT,
    ),
    _device(
        "misfit_row",
        "A row does not fit its table.",
        "completed",
        "It is counted as rejected, and shown in the run's detail.",
        "Report it, with the command output.",
        "the row that it replaced is marked missing, all others are right",
    ),
)
PEOPLE = (
    _device(
        "device_deleted_in_run",
        "Somebody deletes the Device in Nautobot while it is asked.",
        "failed: The device was deleted during its discovery.",
        "That it was deleted.",
        "Nothing.",
        "its rows are gone with it",
    ),
    _device(
        "device_renamed_in_run",
        "Somebody renames the Device in Nautobot while it is asked.",
        "completed",
        "The run shows the name that it began with.",
        "Nothing.",
        RIGHT,
    ),
    _device(
        "replatformed_in_run",
        "Somebody gives the Device another platform while it is asked.",
        "completed",
        "The rows of the platform that the run began with.",
        "Nothing: the next run asks as the new platform.",
        RIGHT,
    ),
    _device(
        "runs_overlap",
        "Two runs want the same device at the same time.",
        "completed, connections to the device: 1",
        "The second run waited and took what the first one fetched.",
        "Nothing.",
        RIGHT,
    ),
)

ASKED_TWICE = "completed, asked twice; killed again: failed: killed"

PROCESSES = (
    _device(
        "job_cancelled_sigkill",
        "Somebody cancels the Job, and Nautobot kills its process (SIGKILL).",
        "cancelled: The run ended: its Job was killed or cancelled.",
        "The run is cancelled at once, with that reason. Devices that had ended are kept.",
        "Nothing; start a run when it is wanted.",
        RIGHT,
    ),
    _device(
        "celery_worker_killed",
        "The Celery worker is killed (SIGKILL) with all its processes while a run works.",
        "failed: The run ended: it was left behind by the process that worked on it.",
        "The run is shown as failed after a minute without a sign of life; the next run writes it down.",
        "Start the worker and the run again.",
        RIGHT,
    ),
    _device(
        "rq_worker_killed",
        "An RQ worker is killed (SIGKILL) with the process that asks a device for it.",
        ASKED_TWICE,
        "The device is asked again a minute later; the second time: `killed`.",
        "Look for the out-of-memory killer, and for whoever restarts workers.",
        RIGHT,
    ),
    _device(
        "rq_horse_killed",
        "The process in which an RQ worker asks a device is killed (SIGKILL).",
        ASKED_TWICE,
        "The device is asked again at once; the second time: `killed`.",
        "Look for the out-of-memory killer; lower `max_answer_mb`.",
        RIGHT,
    ),
    _device(
        "run_left_behind",
        "A run's only process is killed (SIGKILL), and nobody works on it any more.",
        "failed: The run ended: it was left behind by the process that worked on it.",
        "The run is shown as failed after a minute without a sign of life; the next run writes it down.",
        "Start the run again.",
        RIGHT,
    ),
)

MACHINES = (
    _device(
        "clock_jumps",
        "The worker's clock jumps back by an hour while a device is asked.",
        "completed_with_errors: older",
        "A newer answer is stored already.",
        "Set the clock right; the next run after that is fine. What a clock that is ahead has dated is replaced too.",
        RIGHT,
    ),
    _device(
        "memory_limit",
        "The process may use no more memory, and an answer wants more.",
        "completed_with_errors: arp_entries: too_large",
        "The process has no memory left.",
        "Lower `max_answer_mb`, or give the worker more.",
    ),
    _device(
        "disk_full",
        "The disk of the database is full for one table.",
        "completed_with_errors: arp_entries: store",
        "What the database said. The other tables are written.",
        "Make room; the next run is fine.",
    ),
    _device(
        "redis_restarts",
        "Redis is restarted while a run in one process works.",
        "completed",
        "Nothing.",
        "Nothing.",
        RIGHT,
    ),
    _device(
        "database_restarts",
        "PostgreSQL is restarted while a run works.",
        "failed: The run ended: the database went away",
        "That the database went away. Devices that had ended are kept.",
        "Start the run again.",
        "its rows are kept",
    ),
)

GROUPS: dict[str, tuple[Fault, ...]] = {
    "Reaching the device": REACHING,
    "Answers": ANSWERS,
    "People and other runs": PEOPLE,
    "Processes": PROCESSES,
    "Machines": MACHINES,
}
FAULTS: tuple[Fault, ...] = tuple(fault for group in GROUPS.values() for fault in group)
BY_ID = {fault.id: fault for fault in FAULTS}
