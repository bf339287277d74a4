"""The only writer of cached rows. Every door's answers end here, whether they came over the wire or from layer 1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import attrs
from django.db import DatabaseError, connection, models, transaction
from django.db.models.functions import Cast
from django.utils import timezone
from nautobot.dcim.models import Interface

from nautobot_topology_cache.catalog import CATALOG, TableSpec
from nautobot_topology_cache.changes import Changes, Current, Values, compare, digest
from nautobot_topology_cache.choices import OutcomeChoices
from nautobot_topology_cache.collect.normalize import storable
from nautobot_topology_cache.collect.results import CommandResult, Counts, DeviceResult, Outcome, SliceResult
from nautobot_topology_cache.copying import copy_text
from nautobot_topology_cache.models import CachedInterface, CachedRow, CachedSlice, CommandOutput, DeviceCache
from nautobot_topology_cache.models.devices import pack
from nautobot_topology_cache.models.keys import digits, row_key, time_ordered_ids
from nautobot_topology_cache.models.slices import from_the_future

BATCH = 2000
SLICES = 100
"""Slices per statement: Django's bulk_update grows with rows times columns."""
LARGEST_PARSED = 1_000_000
"""Characters of an answer up to which layer 1 keeps its parsed rows too; they can be had again from the raw text."""
STATE = (
    *("outcome", "reason", "attempted_at", "collected_at", "closed_at"),
    *("rows", "stored", "filtered", "rejected", "unparsed", "digest"),
)
"""Columns of a slice that a run may change."""
COPY = "copy_expert"
"""psycopg2's method for it; psycopg 3 and other databases have none of this name, and take the ORM's way."""
OURS = ("id", "device_id", "slice_id", "valid_from", "row_key", "open_key")
"""Columns of a row that are the store's own."""
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


def save_outputs(device_id: UUID, commands: Iterable[CommandResult], lease: UUID) -> None:
    """Layer 1: keep every answer that the device gave completely, in a transaction of its own; the newest stays.

    One that is stored with a date in the future is not the newest: the clock was wrong that dated it. Raises LeaseLost,
    and writes nothing, if the device is another run's by now.
    """
    listed = CommandOutput.objects.filter(~from_the_future(), device=device_id).order_by()
    newest = {(name, context): at for name, context, at in listed.values_list("command", "context", "collected_at")}
    outputs = [
        CommandOutput(
            device_id=device_id,
            command=command.command,
            context=command.context,
            outcome=command.outcome,
            reason=command.reason,
            compressed=pack(command.raw),
            parsed=storable(command.parsed or ()) if len(command.raw) <= LARGEST_PARSED else None,
            collected_at=command.collected_at,
            duration=command.duration,
            digest=blake2b(command.raw.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        )
        for command in commands
        if command.raw is not None
        and command.source == "device"
        and _is_the_answer(command)
        and command.collected_at >= newest.get((command.command, command.context), command.collected_at)
    ]
    if not outputs:
        return
    with transaction.atomic():
        _hold(device_id, lease)
        CommandOutput.objects.bulk_create(
            outputs,
            update_conflicts=True,
            unique_fields=["device", "command", "context"],
            update_fields=["outcome", "reason", "compressed", "parsed", "collected_at", "duration", "digest"],
        )


def _is_the_answer(command: CommandResult) -> bool:
    """Whether what was read is the command's whole answer, understood or not."""
    return command.outcome != OutcomeChoices.FAILED or command.reason.partition(":")[0] not in UNREAD


def save_rows(
    device_id: UUID, result: DeviceResult, tables: frozenset[str], lease: UUID, *, fetched: bool = True
) -> list[Written]:
    """Layer 2: all slices of one device in one transaction, each in a savepoint of its own.

    `tables` are those that the run wanted; slices of theirs that were not asked are closed, unless the run cannot say
    which slices exist. `fetched` is False for answers that were only read anew: nothing was attempted. Raises
    LeaseLost, and writes nothing, if the device is another run's by now.
    """
    with transaction.atomic():
        cache = _hold(device_id, lease)
        if cache.driver != result.driver:
            DeviceCache.objects.filter(pk=cache.pk).update(driver=result.driver)
        return _Writer(device_id, result, tables, fetched).write()


def _hold(device_id: UUID, lease: UUID) -> DeviceCache:
    """Lock the device's DeviceCache to the end of the transaction, if the lease is still ours."""
    held = DeviceCache.objects.select_for_update().filter(device=device_id, lease_holder=lease).order_by().first()
    if held is None:
        raise LeaseLost(f"The lease on the device {device_id} ran out and was taken by another run.")
    return held


Identity = tuple[str, str, str]
"""Table, command and context of a slice."""


def _state(one: CachedSlice) -> Values:
    return tuple(getattr(one, name) for name in STATE)


def _identity(one: SliceResult | CachedSlice) -> Identity:
    return one.table, one.command, one.context


class _Writer:
    """One device's transaction."""

    def __init__(self, device_id: UUID, result: DeviceResult, tables: frozenset[str], fetched: bool) -> None:
        self.device_id = device_id
        self.result = result
        self.tables = tables
        self.fetched = fetched
        self.now = timezone.now()
        listed = CachedSlice.objects.filter(device=device_id).annotate(premature=from_the_future())
        self.slices = {_identity(one): one for one in listed.order_by()}
        self.premature = {one.pk for one in self.slices.values() if one.premature}
        """Slices that are dated in the future, by a clock that was wrong."""
        self.noted = {one.pk: _state(one) for one in self.slices.values()}
        """What the database says of the slices."""
        self.touched: dict[Identity, CachedSlice] = {}
        self.rows: dict[str, dict[str, Current]] = {}
        """Catalog name -> the device's current rows, read once and then kept like the database."""
        self.shown: dict[str, set[str]] = {}

    def write(self) -> list[Written]:
        self._create_missing_slices()
        written = [self._write_slice(result) for result in self.result.slices]
        # Last, so that rows which another command shows by now have been taken over and are not closed.
        written += self._settle_unasked(written)
        self._note_states()
        if any(one.result.table == "interfaces" for one in written):
            link_interfaces(self.device_id)
        return written

    def _note_states(self) -> None:
        """Write the columns of which any changed: all of them would cost more than the rest of a rediscovery."""
        moved = {
            name
            for one in self.touched.values()
            for name, old, new in zip(STATE, self.noted[one.pk], _state(one), strict=True)
            if old != new
        }
        if moved:
            CachedSlice.objects.bulk_update(self.touched.values(), sorted(moved), batch_size=SLICES)

    def _create_missing_slices(self) -> None:
        fresh = {
            _identity(result): CachedSlice(
                device_id=self.device_id,
                table=result.table,
                command=result.command,
                context=result.context,
                outcome=result.outcome,
                attempted_at=self.now,
                owns_rows=not result.fills,
            )
            for result in self.result.slices
            if _identity(result) not in self.slices
        }
        if fresh:
            CachedSlice.objects.bulk_create(fresh.values())
        self.slices.update(fresh)
        self.noted.update({one.pk: _state(one) for one in fresh.values()})

    def _settle_unasked(self, written: list[Written]) -> list[Written]:
        """Slices that this run did not ask: closed if that means that they are gone, else kept with the reason."""
        asked = {_identity(result) for result in self.result.slices}
        unasked = [
            known
            for identity, known in self.slices.items()
            if known.table in self.tables and identity not in asked and known.closed_at is None
        ]
        doubts = {
            **{one.result.table: one.result.reason for one in written if one.result.outcome == OutcomeChoices.FAILED},
            **self.result.unlisted,
        }
        settled = []
        for known in unasked:
            if reason := doubts.get(known.table) or self.result.failure:
                settled.append(self._keep(known, "failed", str(reason)))
            elif known.context and self.result.unlisted_vrfs:
                settled.append(self._keep(known, "unsupported", self.result.unlisted_vrfs))
            elif closed := self._close(known):
                settled.append(closed)
        return settled

    def _keep(self, known: CachedSlice, outcome: Outcome, reason: str) -> Written:
        known.outcome, known.reason, known.attempted_at = outcome, reason, self.now
        self.touched[_identity(known)] = known
        return Written(SliceResult(known.table, known.command, known.context, outcome, reason))

    def _close(self, known: CachedSlice) -> Written | None:
        """Close a slice with its rows; None if it had none."""
        rows = CATALOG[known.table].model.versions.filter(slice=known, valid_to__isnull=True)
        removed = rows.update(valid_to=self.now, open_key=None)
        known.closed_at, known.digest, known.stored, known.rows = self.now, "", 0, 0
        self.touched[_identity(known)] = known
        gone = SliceResult(known.table, known.command, known.context, "unsupported", "not asked any more")
        return Written(gone, removed=removed) if removed else None

    def _write_slice(self, result: SliceResult) -> Written:
        known = self.slices[_identity(result)]
        if result.collected_at and known.collected_at and result.collected_at < known.collected_at:
            if known.pk not in self.premature:
                return Written(_failed(result, "older: a newer answer is stored"))
            _date_back(known, result.collected_at)
        if result.outcome not in OutcomeChoices.GOOD:
            self._note(known, result)
            return Written(result)
        try:
            written = self._write_rows(known, result)
        except DatabaseError as error:
            self.rows.pop(result.table, None)
            written = Written(_failed(result, f"store: {first_line(error)}"))
        self._note(known, written.result)
        return written

    def _note(self, known: CachedSlice, result: SliceResult) -> None:
        """The slice's state after an attempt; `collected_at` moves only with an answer that was written."""
        anew = not self.fetched and known.collected_at is not None and known.collected_at == result.collected_at
        # Reading the last good answer once more does not undo that a later attempt failed.
        if not (anew and known.outcome == OutcomeChoices.FAILED):
            known.outcome, known.reason = result.outcome, result.reason
        if not anew:
            known.attempted_at = self.now
        known.filtered, known.rejected = result.counts.filtered, result.counts.rejected
        known.unparsed = result.counts.unparsed
        known.closed_at = None
        if result.outcome in OutcomeChoices.GOOD:
            known.stored, known.collected_at = result.counts.stored, result.collected_at
        self.touched[_identity(known)] = known

    def _write_rows(self, known: CachedSlice, result: SliceResult) -> Written:
        if result.fills:
            return Written(result)
        spec = CATALOG[result.table]
        fresh = digest(spec, result.records, result.kept_columns) if result.closes else ""
        if fresh and known.digest == fresh:
            return Written(result, unchanged=len(result.records))
        rows = self._current(spec)
        changes = compare(spec, known.pk.hex, result.records, rows, result.kept_columns)
        moved = {row.key for row in changes.absent} & self._shown(spec) if changes.absent else set()
        changes.absent = [row for row in changes.absent if row.key not in moved]
        removed = 0
        if changes.writes:
            with transaction.atomic():
                removed = _Apply(spec, self.device_id, known, result, rows).apply(changes)
        losers = changes.taken_from(known.pk.hex)
        for loser in self.slices.values():
            if loser.pk.hex in losers:
                loser.digest = ""
                self.touched[_identity(loser)] = loser
        known.digest = "" if moved else fresh
        known.rows = len(result.records) + (0 if result.closes else len(changes.absent))
        return Written(result, len(changes.added), len(changes.changed), removed, changes.unchanged)

    def _current(self, spec: TableSpec) -> dict[str, Current]:
        """The device's current rows of a table by row key."""
        if spec.name not in self.rows:
            rows = spec.model.objects.filter(device=self.device_id).order_by()
            identifiers = [Cast(name, models.TextField()) for name in ("row_key", "id", "slice_id")]
            listed = rows.values_list(*identifiers, "missing_since", *spec.columns)
            self.rows[spec.name] = {
                (key := digits(row[0])): Current(key, digits(row[1]), digits(row[2]), row[3], row[4:])
                for row in listed.iterator(BATCH)
            }
        return self.rows[spec.name]

    def _shown(self, spec: TableSpec) -> set[str]:
        """Keys of the rows that the commands of this run show, if there are several: a row may move between them."""
        if spec.name not in self.shown:
            good = [one for one in self.result.slices if one.table == spec.name and one.outcome in OutcomeChoices.GOOD]
            several = good if len(good) > 1 else []
            self.shown[spec.name] = {row_key(record.key()) for one in several for record in one.records}
        return self.shown[spec.name]


@attrs.frozen
class _Apply:
    """Changes of one slice, as statements; `rows` are changed like the database."""

    spec: TableSpec
    device_id: UUID
    known: CachedSlice
    result: SliceResult
    rows: dict[str, Current]

    @property
    def read_anew(self) -> bool:
        """The same answer as before, read differently: rows are corrected in place, for the network did not change."""
        return self.result.collected_at == self.known.collected_at

    def apply(self, changes: Changes) -> int:
        """Write everything; the number of rows that are not current any more."""
        removed = self._part_with(changes.absent)
        fresh = list(changes.added)
        if self.read_anew:
            self._correct(changes.changed)
        else:
            self._close([row for row, _ in changes.changed])
            fresh += [(row.key, values) for row, values in changes.changed]
        self._take(changes.found_again)
        self._insert(fresh)
        return removed

    def _stored(self, rows: list[Current]) -> models.QuerySet:
        return self.spec.model.versions.filter(pk__in=[row.id for row in rows])

    def _part_with(self, absent: list[Current]) -> int:
        if not absent:
            return 0
        if not self.result.closes:
            missing = [row for row in absent if row.missing_since is None]
            self._stored(missing).update(missing_since=self.result.collected_at)
            return 0
        if self.read_anew:
            stored = self._stored(absent)
            stored._raw_delete(stored.db)
            self._forget(absent)
        else:
            self._close(absent)
        return len(absent)

    def _close(self, rows: list[Current]) -> None:
        if rows:
            self._stored(rows).update(valid_to=self.result.collected_at, open_key=None)
            self._forget(rows)

    def _forget(self, rows: list[Current]) -> None:
        for row in rows:
            del self.rows[row.key]

    def _take(self, found_again: list[Current]) -> None:
        if found_again:
            self._stored(found_again).update(slice=self.known, missing_since=None)
            self._hold((row.key, row.id, row.values) for row in found_again)

    def _correct(self, changed: list[tuple[Current, Values]]) -> None:
        columns = self.spec.columns
        rows = [
            self.spec.model(pk=row.id, slice=self.known, missing_since=None, **dict(zip(columns, values, strict=True)))
            for row, values in changed
        ]
        self.spec.model.versions.bulk_update(rows, ["slice", "missing_since", *columns], batch_size=BATCH)
        self._hold((row.key, row.id, values) for row, values in changed)

    def _insert(self, fresh: list[tuple[str, Values]]) -> None:
        identified = list(zip(time_ordered_ids(len(fresh)), fresh, strict=True))
        for start in range(0, len(identified), BATCH):
            batch = identified[start : start + BATCH]
            _insert_rows(self.spec.model, (*OURS, *self.spec.columns), list(self._stored_as(batch)))
        self._hold((key, pk, values) for pk, (key, values) in identified)

    def _stored_as(self, batch: Iterable[tuple[str, tuple[str, Values]]]) -> Iterator[Values]:
        shared = (str(self.device_id), str(self.known.pk), self.result.collected_at)
        for pk, (key, values) in batch:
            yield (pk, *shared, key, key, *values)

    def _hold(self, rows: Iterable[tuple[str, str, Values]]) -> None:
        for key, pk, values in rows:
            self.rows[key] = Current(key, pk, self.known.pk.hex, None, values)


def _insert_rows(model: type[CachedRow], columns: tuple[str, ...], rows: list[Values]) -> None:
    """Insert values of `columns`: by COPY where the cursor has it, at a fifth of the cost, else through the model."""
    with connection.cursor() as cursor:
        copy = getattr(cursor, COPY, None)
        if copy is None:
            model.versions.bulk_create([model(**dict(zip(columns, row, strict=True))) for row in rows])
            return
        quoted = [connection.ops.quote_name(name) for name in (model._meta.db_table, *columns)]
        with connection.wrap_database_errors:
            copy(f"COPY {quoted[0]} ({', '.join(quoted[1:])}) FROM STDIN", copy_text(rows))


def _date_back(known: CachedSlice, moment: datetime) -> None:
    """Correct what a clock that was ahead has written: no row began, was closed or was missed after this moment."""
    rows = CATALOG[known.table].model.versions.filter(slice=known)
    for column in ("valid_from", "valid_to", "missing_since"):
        rows.filter(**{f"{column}__gt": moment}).update(**{column: moment})


def link_interfaces(device_id: UUID) -> None:
    """Point the device's cached interfaces at Nautobot's of the same name, of the device or its virtual chassis."""
    in_chassis = models.Q(device__virtual_chassis__isnull=False, device__virtual_chassis__master=device_id)
    documented = Interface.objects.filter(models.Q(device=device_id) | in_chassis)
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for name, pk in documented.values_list("name", "pk"):
        by_name[name.lower()].append(pk)
    moved = []
    rows = CachedInterface.objects.filter(device=device_id).order_by()
    for pk, name, linked in rows.values_list("pk", "name", "interface_id"):
        found = by_name.get(name.lower(), [])
        wanted = found[0] if len(found) == 1 else None
        if linked != wanted:
            moved.append(CachedInterface(pk=pk, interface_id=wanted))
    if moved:
        CachedInterface.versions.bulk_update(moved, ["interface"], batch_size=BATCH)


def _failed(result: SliceResult, reason: str) -> SliceResult:
    return attrs.evolve(result, outcome="failed", reason=reason, counts=Counts())


def first_line(error: Exception) -> str:
    """What a database says went wrong, without the statement and the row."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
