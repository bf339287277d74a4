"""What somebody asks a run to do: one form for every door, checked in one place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self
from uuid import UUID

import attrs
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from nautobot.dcim.models import Device, Location, Platform
from nautobot.extras.models import DynamicGroup, Role, SecretsGroup, Tag

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.choices import FROM_DEVICES, FROM_LAYER_1
from nautobot_topology_cache.collect.normalize import storable, text
from nautobot_topology_cache.configuration import LONGEST_TTL
from nautobot_topology_cache.models import CommandOutput
from nautobot_topology_cache.queries import with_stale_tables

SYNONYMS: dict[str, tuple[str, ...]] = {
    "include_interfaces": ("interfaces", "ip_addresses"),
    "include_arp": ("arp_entries",),
    "include_static_routes": ("routes",),
    "include_ospf_routes": ("routes",),
    "include_bgp_routes": ("routes", "bgp_routes"),
    "include_mac_table": ("mac_addresses",),
    "include_cdp_neighbors": ("neighbors",),
}
"""Older switches and the tables they stand for."""

FILTERS: dict[str, type[Model]] = {
    "location": Location,
    "role": Role,
    "platform": Platform,
    "tag": Tag,
    "dynamic_group": DynamicGroup,
}
EVERY = "all"
"""In the place of a list of devices."""
MOST_SESSIONS = 500
MOST_HOPS = 32
TIMEOUTS = {
    "connect_timeout": 300,
    "auth_timeout": 300,
    "banner_timeout": 300,
    "command_timeout": 3600,
    "device_timeout": 86400,
}
"""Settings that a run may have its own of, and the most seconds of each."""
NONE = "there is none that you may view"
IS_ID = re.compile(r"[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}")


class BadRequest(Exception):
    """The request cannot be carried out as it stands; `errors` says by option what is wrong with it."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(texts)}" for name, texts in errors.items()))
        self.errors = dict(errors)


@attrs.frozen(kw_only=True)
class Request:
    """A checked request. Objects are named by id, so that it can be stored on the run and sent through a queue."""

    devices: tuple[str, ...] = ()
    location: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    dynamic_group: tuple[str, ...] = ()
    tables: tuple[str, ...] = tuple(CATALOG)
    cache_results: bool = True
    force_refresh: bool = False
    command_ttl_minutes: int | None = None
    secrets_group: str | None = None
    concurrency: int | None = None
    connect_timeout: float | None = None
    auth_timeout: float | None = None
    banner_timeout: float | None = None
    command_timeout: float | None = None
    device_timeout: float | None = None
    dry_run: bool = False
    expand_depth: int = 0
    """How many hops of neighbors join the run."""
    answers: str = FROM_DEVICES
    """Where they come from; no door takes it as an option."""

    @classmethod
    def from_names(cls, given: Mapping[str, Any], user: Any) -> Self:
        """A request from a door's raw options; raises BadRequest naming every option that is wrong."""
        return cls(**_Reading(dict(given), user).read())

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Self:
        """The request that `as_options` wrote."""
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in options.items()})

    def as_options(self) -> dict[str, Any]:
        """The request as JSON, for DiscoveryRun.options."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in attrs.asdict(self).items()}

    def for_devices(self, devices: Iterable[UUID]) -> Self:
        """The same request for these devices and no others."""
        return attrs.evolve(self, devices=tuple(map(str, devices)), **dict.fromkeys(FILTERS, ()))

    @property
    def timeouts(self) -> dict[str, float]:
        """The run's own timeouts, by their settings' names."""
        return {name: seconds for name in TIMEOUTS if (seconds := getattr(self, name)) is not None}

    @property
    def is_of_one_device(self) -> bool:
        """Somebody looks at a device and waits; filters may select any number."""
        return len(self.devices) == 1 and not self.expand_depth and not any(getattr(self, name) for name in FILTERS)

    def selected(self, user: Any) -> QuerySet:
        """The Devices the user may view that the filters select, together with those named one by one.

        Of dynamic groups, the members that Nautobot shows, which it counted last; see `count_members`.
        """
        visible = Device.objects.restrict(user, "view")
        wanted = Q(pk__in=self.devices)
        filters = self._filters()
        if filters:
            chosen = Device.objects.all()
            for condition in filters:
                chosen = chosen.filter(condition)
            wanted |= Q(pk__in=chosen.values("pk"))
        return visible.filter(wanted)

    def count_members(self) -> None:
        """Let Nautobot count the members of the dynamic groups anew. It writes, so that no GET may ask for it."""
        for group in self._groups():
            group.update_cached_members()

    def _filters(self) -> list[Q]:
        conditions = []
        if self.location:
            chosen = Location.objects.filter(pk__in=self.location)
            places = [one.pk for place in chosen for one in place.descendants(include_self=True)]
            conditions.append(Q(location__in=places))
        conditions += [Q(**{f"{name}__in": ids}) for name in ("role", "platform") if (ids := getattr(self, name))]
        if self.tag:
            conditions.append(Q(tags__in=self.tag))
        if self.dynamic_group:
            members = [group.members.values_list("pk", flat=True) for group in self._groups()]
            conditions.append(Q(pk__in=[pk for found in members for pk in found]))
        return conditions

    def _groups(self) -> QuerySet:
        return DynamicGroup.objects.filter(pk__in=self.dynamic_group)


def rebuild_of(given: Mapping[str, Any], user: Any) -> Request:
    """A request to fill layer 2 from layer 1; `devices` may be “all”. Raises BadRequest naming what is wrong."""
    options = dict(given)
    allowed = ("devices", *FILTERS, "tables", "dry_run")
    if unknown := sorted(set(options) - set(allowed)):
        raise BadRequest({name: [f"A rebuild takes {', '.join(allowed)}."] for name in unknown})
    if options.get("devices") in (EVERY, [EVERY]):
        stored = CommandOutput.objects.of_visible_devices(user).order_by()
        options["devices"] = list(stored.values_list("device", flat=True).distinct())
        if not options["devices"]:
            raise BadRequest({"devices": ["No command output is stored of any device that you may view."]})
    return attrs.evolve(Request.from_names(options, user), answers=FROM_LAYER_1)


def again_of(options: Mapping[str, Any], devices: Iterable[UUID], user: Any) -> Request:
    """What a run's options ask for, for these devices alone; raises BadRequest for what `user` may no longer use."""
    asked = Request.from_options(options).for_devices(devices).as_options()
    answers = asked.pop("answers")
    return attrs.evolve(Request.from_names(asked, user), answers=answers)


def refresh_of(given: Mapping[str, Any], user: Any) -> Request | None:
    """A request to ask the devices whose rows are stale, of those that the filters select, or of all; None if none."""
    chosen = Device.objects.restrict(user, "view")
    if given:
        wanted = Request.from_names(given, user)
        wanted.count_members()
        chosen = wanted.selected(user)
    ids = [str(pk) for pk in with_stale_tables(chosen).values_list("pk", flat=True)]
    return Request(devices=tuple(ids), force_refresh=True) if ids else None


def named_devices(given: Any, user: Any) -> tuple[str, ...]:
    """Ids of the devices that are named by id or name; raises BadRequest for any that `user` may not view."""
    reading = _Reading({"devices": given}, user)
    ids = reading._objects("devices", Device)
    if reading.errors:
        raise BadRequest(reading.errors)
    return ids


class _Reading:
    """One door's options while they are read; problems are collected, not raised one by one."""

    def __init__(self, given: dict[str, Any], user: Any) -> None:
        self.given = {name: value for name, value in given.items() if value not in (None, "", [], ())}
        self.user = user
        self.errors: dict[str, list[str]] = {}

    def read(self) -> dict[str, Any]:
        known = {*attrs.fields_dict(Request), *SYNONYMS} - {"answers"}
        for name in sorted(set(self.given) - known):
            self.errors[name] = [f"There is no such option; there are {', '.join(sorted(known))}."]
        values = {
            "devices": self._objects("devices", Device),
            **{name: self._objects(name, model) for name, model in FILTERS.items()},
            "tables": self._tables(),
            "secrets_group": self._one("secrets_group", SecretsGroup),
            "command_ttl_minutes": self._number("command_ttl_minutes", 0, LONGEST_TTL),
            "concurrency": self._number("concurrency", 1, MOST_SESSIONS),
            **{name: self._seconds(name, most) for name, most in TIMEOUTS.items()},
            "cache_results": self._switch("cache_results", True),
            "force_refresh": self._switch("force_refresh", False),
            "dry_run": self._switch("dry_run", False),
            "expand_depth": self._number("expand_depth", 0, MOST_HOPS) or 0,
        }
        if values["expand_depth"] and not (values["cache_results"] and "neighbors" in values["tables"]):
            self.errors["expand_depth"] = ["Neighbors are followed by their table: it must be asked for and cached."]
        if not any(self.given.get(name) for name in ("devices", *FILTERS)):
            self.errors["devices"] = [f"Choose devices, or filters: {', '.join(FILTERS)}."]
        if self.errors:
            raise BadRequest(self.errors)
        return values

    def _objects(self, option: str, model: type[Any]) -> tuple[str, ...]:
        """Ids of objects that are named by id, by name, or are the objects themselves."""
        given = self.given.get(option, ())
        listed = given if isinstance(given, Iterable) and not isinstance(given, (str, Mapping)) else (given,)
        wanted = {_wanted(one): one for one in listed}
        visible = model.objects.restrict(self.user, "view")
        if model in (Role, Tag, DynamicGroup):
            visible = _for_devices(visible, model)
        found = _found(visible, [name for name in wanted if name])
        for name, one in wanted.items():
            if len(found[name]) != 1:
                problem = "more than one object bears this name; use an id" if found[name] else NONE
                self.errors.setdefault(option, []).append(f"{name or text(one)}: {problem}.")
        return tuple(dict.fromkeys(pk for name in wanted for pk in found[name]))

    def _one(self, option: str, model: type[Any]) -> str | None:
        found = self._objects(option, model)
        if len(found) > 1:
            self.errors[option] = ["Choose one."]
        return next(iter(found), None)

    def _tables(self) -> tuple[str, ...]:
        named = self.given.get("tables", ())
        named = tuple(named) if isinstance(named, (list, tuple, set)) else (named,)
        unknown = [name for name in named if not isinstance(name, str) or name not in CATALOG]
        if unknown:
            named = ()
            names = ", ".join(map(str, unknown))
            self.errors["tables"] = [f"There is no table {names}; there are {', '.join(CATALOG)}."]
        switches = {name: self._switch(name, False) for name in SYNONYMS if name in self.given}
        wanted = {*named, *(table for name, on in switches.items() if on for table in SYNONYMS[name])}
        if not wanted:
            wanted = set(CATALOG) - {table for name in switches for table in SYNONYMS[name]}
        return tuple(name for name in CATALOG if name in wanted)

    def _number(self, option: str, least: int, most: int) -> int | None:
        return self._checked(option, None, lambda given: read_whole(given, least, most))

    def _seconds(self, option: str, most: int) -> float | None:
        return self._checked(option, None, lambda given: _duration(given, most))

    def _switch(self, option: str, default: bool) -> Any:
        return self._checked(option, default, read_switch)

    def _checked(self, option: str, default: Any, check: Callable[[Any], Any]) -> Any:
        if option not in self.given:
            return default
        try:
            return check(self.given[option])
        except ValueError as error:
            self.errors[option] = [str(error)]
            return default


def _for_devices(visible: QuerySet, model: type[Model]) -> QuerySet:
    """Names of roles, tags and groups need only be unique among those that devices can have."""
    devices = ContentType.objects.get_for_model(Device)
    return visible.filter(content_type=devices) if model is DynamicGroup else visible.filter(content_types=devices)


def _wanted(given: Any) -> str:
    """The id or name that is given in one of many forms, `""` if it can be neither."""
    if isinstance(given, Mapping):
        given = given.get("id") or given.get("name")
    given = given.pk if isinstance(given, Model) else given
    if isinstance(given, bool) or not isinstance(given, (str, int, UUID)):
        return ""
    name = str(given)
    return (_id(name) or name) if storable(name) == name else ""


def _id(name: str) -> str:
    """The text of a UUID in its usual form, or `""`."""
    return str(UUID(name)) if IS_ID.fullmatch(name) else ""


def _found(visible: QuerySet, names: list[str]) -> defaultdict[str, list[str]]:
    """Id or name -> the ids of all objects that bear it, in two queries for all of them."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    ids = [name for name in names if _id(name)]
    for pk in visible.filter(pk__in=ids).values_list("pk", flat=True) if ids else ():
        found[str(pk)].append(str(pk))
    others = [name for name in names if not _id(name)]
    for pk, name in visible.filter(name__in=others).values_list("pk", "name") if others else ():
        found[name].append(str(pk))
    return found


def read_whole(given: Any, least: int, most: int) -> int:
    """A whole number within its range; raises ValueError that says so."""
    if isinstance(given, bool) or not str(given).lstrip("-").isdigit() or not least <= int(given) <= most:
        raise ValueError(f"{given!s} is not a whole number from {least} to {most}.")
    return int(given)


def _duration(given: Any, most: int) -> float:
    try:
        seconds = float(given)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{given!s} is no number of seconds.") from error
    if isinstance(given, bool) or not 0 < seconds <= most:
        raise ValueError(f"{given!s} is no number of seconds above 0 and up to {most}.")
    return seconds


def read_switch(given: Any) -> bool:
    """Yes or no, in one of the usual words; raises ValueError for any other."""
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if str(given).lower() not in words:
        raise ValueError(f"{given!s} is neither true nor false.")
    return words[str(given).lower()]
