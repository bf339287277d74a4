"""What the sub-commands do: options to a request, the one use case, and its result in words or as JSON."""

from __future__ import annotations

import json
import secrets
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import attrs
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, OutputWrapper
from django.core.serializers.json import DjangoJSONEncoder
from django.template.defaultfilters import filesizeformat, pluralize
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from nautobot.dcim.models import Device

from nautobot_topology_cache import discovery, exchange, purging, queries
from nautobot_topology_cache import statistics as stored
from nautobot_topology_cache.at_hand import AtHand, Folders
from nautobot_topology_cache.choices import FROM_FILES, StatusChoices
from nautobot_topology_cache.collect.anonymize import Anonymizer
from nautobot_topology_cache.collect.flow import plan
from nautobot_topology_cache.models import DiscoveryRun, DiscoveryRunItem
from nautobot_topology_cache.requests import EVERY, FILTERS, SYNONYMS, Request, rebuild_of

BAR = 30
INTERRUPTED = 130
"""A shell's exit status for what Ctrl-C ended."""
OF_DISCOVERY = (*(name for name in attrs.fields_dict(Request) if name != "answers"), *SYNONYMS)
FIGURES = ("stored", "added", "changed", "removed", "unchanged", "rejected")
Options = dict[str, Any]


def discover(options: Options, out: OutputWrapper, err: OutputWrapper) -> None:
    """Ask devices, in the foreground."""
    user = _user(options["username"])
    request = Request.from_names(_given(options, OF_DISCOVERY), user)
    _execute(request, user, options, out, err)


def rebuild(options: Options, out: OutputWrapper, err: OutputWrapper) -> None:
    """Read stored answers anew, in the foreground."""
    user = _user(options["username"])
    request = rebuild_of(_given(options, ("devices", *FILTERS, "tables")), user)
    _execute(request, user, options, out, err)


def import_folder(options: Options, out: OutputWrapper, err: OutputWrapper) -> None:
    """Read answers from files; a folder that is no device's is named and left out."""
    user = _user(options["username"])
    collected_at = _moment(options["collected_at"])
    found = exchange.found_in(Path(options["directory"]), user)
    for folder, reason in found.unknown.items():
        err.write(f"{folder}: left out, {reason}")
    names = {"devices": list(found.folders), **_given(options, ("tables",))}
    request = attrs.evolve(Request.from_names(names, user), answers=FROM_FILES)
    _execute(request, user, options, out, err, Folders(found.folders, collected_at))


def export_folder(options: Options, out: OutputWrapper, err: OutputWrapper) -> None:
    """Write stored answers to files."""
    user = _user(options["username"])
    request = rebuild_of(_given(options, ("devices", *FILTERS)), user)
    request.count_members()
    devices = list(request.selected(user).values_list("pk", flat=True))
    anonymizer = None
    if options["anonymize"]:
        key = options["key"].encode()[:64] if options["key"] else secrets.token_bytes(32)
        anonymizer = Anonymizer(key, exchange.known_names(devices, user))
    written = exchange.export(Path(options["directory"]), devices, user, anonymizer)
    if options["json"]:
        out.write(json.dumps(written))
        return
    outputs, devices = sum(written.values()), len(written)
    told = f"{outputs} command output{pluralize(outputs)} of {devices} device{pluralize(devices)}"
    out.write(f"{told} in {options['directory']}")


def purge(options: Options, out: OutputWrapper, err: OutputWrapper) -> None:
    """Remove what is stored."""
    user = _user(options["username"])
    if not user.has_perm(purging.PERMISSION):
        raise CommandError("A purge needs the permission to delete device caches.")
    wanted = _given(options, ("devices", "layers", "older_than_days", "history_only"))
    removed = purging.purge(purging.Purge.from_names(wanted, user), user)
    out.write(json.dumps(removed) if options["json"] else purging.told(removed))


def list_commands(options: Options, out: OutputWrapper, err: OutputWrapper) -> None:
    """Every command that would be sent to a device, in order."""
    request = Request.from_names({"devices": [options["device"]]}, _user(options["username"]))
    device = Device.objects.select_related("platform").get(pk=request.devices[0])
    try:
        platform = queries.platform_of(device, queries.supported_platforms())
    except queries.NotReachable as problem:
        raise CommandError(str(problem)) from problem
    entries = [[command.text for command in entry.alternatives] for entry in plan(platform, request.tables)]
    if options["json"]:
        out.write(json.dumps(entries))
        return
    for first, *others in entries:
        more = f"  (if that is not supported: {', '.join(others)})" if others else ""
        out.write(f"{first}{more}")


def show_statistics(options: Options, out: OutputWrapper, err: OutputWrapper) -> None:
    """How much is stored and how well it stands."""
    user = _user(options["username"])
    if not user.has_perm(stored.PERMISSION):
        raise CommandError("Statistics need the permission to view device caches.")
    found = stored.statistics(user)
    if options["json"]:
        out.write(json.dumps(found.as_dict(), cls=DjangoJSONEncoder))
        return
    columns = "{:<20}{:>11}{:>8}{:>8}{:>8}  {}"
    out.write(columns.format("table", "rows", "valid", "stale", "failed", "oldest answer"))
    for name, table in found.tables.items():
        oldest = f"{table.oldest_collected_at:%Y-%m-%d %H:%M:%S} UTC" if table.oldest_collected_at else "-"
        out.write(columns.format(name, table.rows, table.valid, table.stale, table.failed, oldest))
    devices, outputs, runs = found.devices, found.command_outputs, found.runs
    out.write(f"devices: {devices.total}, {devices.cached} cached, {devices.polling_disabled} with polling disabled")
    if outputs is not None:
        size = filesizeformat(outputs.bytes).replace("\xa0", " ")
        out.write(f"command outputs: {outputs.total} in {size}, {outputs.valid} valid, {outputs.expired} expired")
    if runs is not None:
        counts = ", ".join(f"{count} {status}" for status, count in runs.by_status.items() if count)
        hits = (
            "" if runs.hit_rate is None else f"; {runs.hit_rate:.0%} of commands served by stored answers in 24 hours"
        )
        out.write(f"runs: {counts or 'none'}{hits}")
    for large in found.largest_devices:
        out.write(f"{large.rows:>11} rows of {large.device_name}")


def _given(options: Options, names: tuple[str, ...]) -> dict[str, Any]:
    """The options that were given; `--all` stands for all devices, unless some are named."""
    given = {name: options[name] for name in names if options[name] not in (None, [])}
    if options.get("all"):
        if set(given) & {"devices", *FILTERS}:
            raise CommandError("Either --all or devices and filters, not both.")
        given["devices"] = EVERY
    return given


def _moment(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        moment = parse_datetime(given)
    except ValueError as error:
        raise CommandError(f"--collected-at: {given} is no moment: {error}.") from error
    if moment is None:
        raise CommandError(f"--collected-at: {given} is no moment; write it as 2026-03-01T12:00:00Z.")
    moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    if moment > timezone.now():
        raise CommandError(f"--collected-at: {given} is in the future.")
    return moment


def _execute(
    request: Request, user: Any, options: Options, out: OutputWrapper, err: OutputWrapper, at_hand: AtHand | None = None
) -> None:
    """Carry a run out in this process, and tell of it; the exit status says whether any device completed."""
    run = discovery.create_run(request, user)
    try:
        with _terminated_as_interrupted():
            discovery.execute(run, user, partial(_show_progress, err), at_hand)
    except KeyboardInterrupt as error:
        raise CommandError("\nInterrupted; the run is cancelled.", returncode=INTERRUPTED) from error
    run.refresh_from_db()
    err.write("")
    if options["json"]:
        out.write(json.dumps(_told(run)))
    else:
        _show_summary(run, out)
    if run.status == StatusChoices.FAILED:
        raise CommandError(run.error or "No device completed.")


def _show_progress(err: OutputWrapper, item: DiscoveryRunItem) -> None:
    items = item.run.items
    ended, total = items.filter(status__in=StatusChoices.ENDED).count(), items.count()
    done = BAR * ended // total
    err.write(f"\r[{'#' * done}{' ' * (BAR - done)}] {ended}/{total} {item.device_name:<40.40}", ending="")
    err.flush()


def _show_summary(run: DiscoveryRun, out: OutputWrapper) -> None:
    items, request = list(run.items.all()), Request.from_options(run.options)
    for item in items:
        out.write(discovery.line(item))
        for listed in item.commands if request.dry_run else ():
            out.write(f"  {listed['command']}")
    if not request.dry_run:
        _show_figures(items, request.tables, out)
    out.write(f"run {run.pk}: {run.status}; {discovery.summary(run)}")


def _show_figures(items: Sequence[DiscoveryRunItem], tables: Iterable[str], out: OutputWrapper) -> None:
    columns = "{:<20}" + "{:>11}" * len(FIGURES)
    out.write(columns.format("table", *FIGURES))
    for table in tables:
        figures = [sum(item.tables.get(table, {}).get(name, 0) for item in items) for name in FIGURES]
        out.write(columns.format(table, *figures))


def _told(run: DiscoveryRun) -> Mapping[str, Any]:
    names = ("device_name", "status", "error", "connections", "commands_sent", "cache_hits", "tables")
    devices = [{name: getattr(item, name) for name in names} for item in run.items.all()]
    return {"run_id": str(run.pk), "status": run.status, "error": run.error, "devices": devices}


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does: as it is, Python would leave it behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _user(username: str | None) -> Any:
    """The named user, or any superuser: who may run this command may do everything."""
    users = get_user_model().objects.filter(is_active=True)
    users = users.filter(username=username) if username else users.filter(is_superuser=True)
    user = users.first()
    if user is None:
        raise CommandError(f"There is no active user {username}." if username else "There is no active superuser.")
    return user
