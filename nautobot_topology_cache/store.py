"""The only writer of cached rows. Every door's answers end here, whether they came over the wire or from layer 1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import attrs
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from nautobot.dcim.models import Interface

from nautobot_topology_cache.catalog import CATALOG, TableSpec
from nautobot_topology_cache.changes import Changes, Current, Values, compare, digest
from nautobot_topology_cache.choices import OutcomeChoices
from nautobot_topology_cache.collect.results import CommandResult, Counts, DeviceResult, SliceResult
from nautobot_topology_cache.models import CachedInterface, CachedSlice, CommandOutput, DeviceCache
from nautobot_topology_cache.models.devices import pack

BATCH = 2000
LARGEST_PARSED = 1_000_000
"""Characters of an answer up to which layer 1 keeps its parsed rows too; they can be had again from the raw text."""
STATE = (
    *("outcome", "reason", "attempted_at", "collected_at", "closed_at"),
    *("stored", "filtered", "rejected", "unparsed", "digest"),
)
"""Columns of a slice that a run may change."""
UNREAD = frozenset({"blank", "denied", "truncated"})
"""First words of reasons that say: this text is not the answer to the command."""


class LeaseLost(Exception):
    """Another run took the device over; what this run fetched is older than what that one writes."""


@attrs.define
class Written:
    """What became of one slice in the database."""

    result: SliceResult
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0


def save_outputs(device_id: UUID, commands: Iterable[CommandResult]) -> None:
    """Layer 1: keep every answer that the device gave completely, in a transaction of its own."""
    outputs = [
        CommandOutput(
            device_id=device_id,
            command=command.command,
            context=command.context,
            outcome=command.outcome,
            reason=command.reason,
            compressed=pack(command.raw),
            parsed=list(command.parsed or ()) if len(command.raw) <= LARGEST_PARSED else None,
            collected_at=command.collected_at,
            duration=command.duration,
            digest=blake2b(command.raw.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        )
        for command in commands
        if command.raw is not None and command.source == "device" and _is_the_answer(command)
    ]
    CommandOutput.objects.bulk_create(
        outputs,
        update_conflicts=True,
        unique_fields=["device", "command", "context"],
        update_fields=["outcome", "reason", "compressed", "parsed", "collected_at", "duration", "digest"],
    )


def _is_the_answer(command: CommandResult) -> bool:
    """Whether what was read is the command's whole answer, understood or not."""
    return command.outcome != OutcomeChoices.FAILED or command.reason.partition(":")[0] not in UNREAD


def save_rows(device_id: UUID, result: DeviceResult, tables: frozenset[str], lease: UUID) -> list[Written]:
    """Layer 2: all slices of one device in one transaction, each in a savepoint of its own.

    `tables` are those that the run wanted; slices of theirs that were not asked are closed, unless the run cannot say
    which slices exist. Raises LeaseLost, and writes nothing, if the device is another run's by now.
    """
    with transaction.atomic():
        _hold(device_id, lease)
        return _Writer(device_id, result, tables).write()


def _hold(device_id: UUID, lease: UUID) -> None:
    """Lock the device's DeviceCache to the end of the transaction, if the lease is still ours."""
    held = DeviceCache.objects.select_for_update().filter(device=device_id, lease_holder=lease)
    if not held.exists():
        raise LeaseLost(f"The lease on the device {device_id} ran out and was taken by another run.")


class _Writer:
    """One device's transaction."""

    def __init__(self, device_id: UUID, result: DeviceResult, tables: frozenset[str]) -> None:
        self.device_id = device_id
        self.result = result
        self.tables = tables
        self.now = timezone.now()
        self.current: dict[str, dict[UUID, Current]] = {}
        known = CachedSlice.objects.filter(device=device_id)
        self.slices = {(one.table, one.command, one.context): one for one in known}

    def write(self) -> list[Written]:
        self._create_missing_slices()
        self._settle_unasked()
        written = [self._write_slice(result) for result in self.result.slices]
        CachedSlice.objects.bulk_update(self.slices.values(), STATE)
        if any(one.result.table == "interfaces" for one in written):
            link_interfaces(self.device_id)
        DeviceCache.objects.filter(device=self.device_id).update(driver=self.result.driver)
        return written

    def _create_missing_slices(self) -> None:
        fresh = {
            identity: CachedSlice(
                device_id=self.device_id,
                table=result.table,
                command=result.command,
                context=result.context,
                outcome=result.outcome,
                attempted_at=self.now,
                owns_rows=not result.fills,
            )
            for result in self.result.slices
            if (identity := (result.table, result.command, result.context)) not in self.slices
        }
        CachedSlice.objects.bulk_create(fresh.values())
        self.slices.update(fresh)

    def _settle_unasked(self) -> None:
        """Slices that this run did not ask: closed if that means that they are gone, else failed with the reason."""
        asked = {(result.table, result.command, result.context) for result in self.result.slices}
        for identity, known in self.slices.items():
            if known.table not in self.tables or identity in asked or known.closed_at is not None:
                continue
            reason = self.result.unlisted.get(known.table) or self.result.failure
            if reason is not None:
                known.outcome, known.reason, known.attempted_at = OutcomeChoices.FAILED, str(reason), self.now
                continue
            rows = CATALOG[known.table].model.versions.filter(slice=known, valid_to__isnull=True)
            rows.update(valid_to=self.now, open_key=None)
            known.closed_at, known.digest, known.stored = self.now, "", 0

    def _write_slice(self, result: SliceResult) -> Written:
        known = self.slices[result.table, result.command, result.context]
        if result.collected_at and known.collected_at and result.collected_at < known.collected_at:
            older = "older: a newer answer is stored"
            return Written(attrs.evolve(result, outcome="failed", reason=older, counts=Counts()))
        if result.outcome not in OutcomeChoices.GOOD:
            self._note(known, result)
            return Written(result)
        try:
            with transaction.atomic():
                written = self._write_rows(known, result)
        except DatabaseError as error:
            self.current.pop(result.table, None)
            refused = attrs.evolve(result, outcome="failed", reason=f"store: {_first_line(error)}", counts=Counts())
            self._note(known, refused)
            return Written(refused)
        self._note(known, result)
        return written

    def _note(self, known: CachedSlice, result: SliceResult) -> None:
        """The slice's state after an attempt; `collected_at` moves only with an answer that was written."""
        known.outcome, known.reason, known.attempted_at = result.outcome, result.reason, self.now
        known.filtered, known.rejected = result.counts.filtered, result.counts.rejected
        known.unparsed = result.counts.unparsed
        known.closed_at = None
        if result.outcome in OutcomeChoices.GOOD:
            known.stored, known.collected_at = result.counts.stored, result.collected_at

    def _write_rows(self, known: CachedSlice, result: SliceResult) -> Written:
        if result.fills:
            return Written(result)
        spec = CATALOG[result.table]
        fresh = digest(spec, result.records)
        complete = result.closes and not result.kept_columns
        if complete and known.digest == fresh:
            return Written(result, unchanged=len(result.records))
        changes = compare(spec, known.pk, result.records, self._rows(spec), result.kept_columns)
        removed = _Apply(spec, self.device_id, known, result, self.now).apply(changes)
        known.digest = fresh if complete else ""
        self.current.pop(spec.name, None)
        return Written(result, len(changes.added), len(changes.changed), removed, changes.unchanged)

    def _rows(self, spec: TableSpec) -> Mapping[UUID, Current]:
        """The device's current rows of a table by row key, read once unless a slice has changed them."""
        if spec.name not in self.current:
            rows = spec.model.objects.filter(device=self.device_id).order_by()
            listed = rows.values_list("row_key", "id", "slice_id", "missing_since", *spec.columns)
            self.current[spec.name] = {
                key: Current(pk, slice_id, missing, tuple(values))
                for key, pk, slice_id, missing, *values in listed.iterator(BATCH)
            }
        return self.current[spec.name]


@attrs.frozen
class _Apply:
    """Changes of one slice, as statements."""

    spec: TableSpec
    device_id: UUID
    known: CachedSlice
    result: SliceResult
    now: datetime

    @property
    def read_anew(self) -> bool:
        """The same answer as before, read differently: rows are corrected in place, for the network did not change."""
        return self.result.collected_at == self.known.collected_at

    def apply(self, changes: Changes) -> int:
        """Write everything; the number of rows that are not current any more."""
        removed = self._part_with(changes.absent)
        if self.read_anew:
            self._correct(changes.changed)
            fresh = changes.added
        else:
            self._close([row.id for row, _, _ in changes.changed])
            fresh = changes.added + [(key, values) for _, key, values in changes.changed]
        self._rows(changes.found_again).update(slice=self.known, missing_since=None)
        self._insert(fresh)
        return removed

    def _rows(self, ids: list[UUID]) -> models.QuerySet:
        return self.spec.model.versions.filter(pk__in=ids) if ids else self.spec.model.versions.none()

    def _part_with(self, absent: list[Current]) -> int:
        ids = [row.id for row in absent]
        if not self.result.closes:
            self._rows(ids).filter(missing_since__isnull=True).update(missing_since=self.result.collected_at)
            return 0
        if self.read_anew:
            rows = self._rows(ids)
            rows._raw_delete(rows.db)
        else:
            self._close(ids)
        return len(ids)

    def _close(self, ids: list[UUID]) -> None:
        self._rows(ids).update(valid_to=self.result.collected_at, open_key=None)

    def _correct(self, changed: list[tuple[Current, UUID, Values]]) -> None:
        columns = self.spec.columns
        rows = [
            self.spec.model(pk=row.id, slice=self.known, missing_since=None, **dict(zip(columns, values, strict=True)))
            for row, _, values in changed
        ]
        self.spec.model.versions.bulk_update(rows, ["slice", "missing_since", *self.spec.columns], batch_size=BATCH)

    def _insert(self, fresh: list[tuple[UUID, Values]]) -> None:
        rows = [
            self.spec.model(
                device_id=self.device_id,
                slice=self.known,
                row_key=key,
                open_key=key,
                valid_from=self.result.collected_at,
                **dict(zip(self.spec.columns, values, strict=True)),
            )
            for key, values in fresh
        ]
        self.spec.model.versions.bulk_create(rows, batch_size=BATCH)


def link_interfaces(device_id: UUID) -> None:
    """Point the device's cached interfaces at Nautobot's of the same name, of the device or its virtual chassis."""
    in_chassis = models.Q(device__virtual_chassis__isnull=False, device__virtual_chassis__master=device_id)
    documented = Interface.objects.filter(models.Q(device=device_id) | in_chassis)
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for name, pk in documented.values_list("name", "pk"):
        by_name[name.lower()].append(pk)
    rows = CachedInterface.objects.filter(device=device_id)
    moved = []
    for row in rows.only("name", "interface"):
        found = by_name.get(row.name.lower(), [])
        wanted = found[0] if len(found) == 1 else None
        if row.interface_id != wanted:
            row.interface_id = wanted
            moved.append(row)
    CachedInterface.versions.bulk_update(moved, ["interface"], batch_size=BATCH)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
