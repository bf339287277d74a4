"""What the app needs to know from Nautobot, as plain values; everything a user asks for is restricted to that user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import attrs
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Replace
from nautobot.dcim.models import Device
from nautobot.extras.choices import SecretsGroupAccessTypeChoices, SecretsGroupSecretTypeChoices
from nautobot.extras.models import ConfigContext, SecretsGroup
from nautobot.extras.secrets.exceptions import SecretError

from nautobot_topology_cache.collect.commands import Platform
from nautobot_topology_cache.collect.platforms import platforms
from nautobot_topology_cache.collect.sessions import StoredOutput
from nautobot_topology_cache.collect.shrinking import Standing, doubted
from nautobot_topology_cache.collect.targets import Credentials, Target, Timeouts
from nautobot_topology_cache.configuration import command_ttl_minutes, settings
from nautobot_topology_cache.models import CachedSlice, CommandOutput, DeviceCache
from nautobot_topology_cache.models.devices import unpack
from nautobot_topology_cache.models.slices import from_the_future

NEVER_HITS = ("denied", "blank")
"""First words of reasons of stored answers that are asked again all the same."""


class NotReachable(Exception):
    """The device cannot be discovered as it stands in Nautobot; the message says what to add there."""


def discoverable(devices: QuerySet, user: Any) -> list[Device]:
    """The Devices with all that a target needs, members of a virtual chassis replaced by its master, each once.

    A member whose master `user` may not view stays as it is; `target_of` says why it cannot be asked.
    """
    found = {device.pk: device for device in complete(devices)}
    wanted = {pk for pk in map(_master, found.values()) if pk is not None}
    masters = {device.pk: device for device in complete(Device.objects.restrict(user, "view").filter(pk__in=wanted))}
    asked = {pk: device for pk, device in found.items() if _master(device) not in masters}
    return sorted({**asked, **masters}.values(), key=lambda one: (one.name or "", str(one.pk)))


def complete(devices: QuerySet) -> QuerySet:
    """The Devices with all that `target_of` looks at, in a few queries for all of them."""
    related = ("platform", "primary_ip4", "primary_ip6", "secrets_group", "virtual_chassis")
    return devices.select_related(*related).prefetch_related("secrets_group__secrets_group_associations__secret")


def _master(device: Device) -> UUID | None:
    """The master of the virtual chassis of which the device is another member."""
    master = device.virtual_chassis.master_id if device.virtual_chassis else None
    return None if master == device.pk else master


def config_contexts(devices: Iterable[Device]) -> dict[UUID, Any]:
    """Device -> what its config context says about us (`topology_cache`), None if it says nothing."""
    found = list(devices)
    if ConfigContext.objects.filter(is_active=True).exists():
        found = list(Device.objects.filter(pk__in=[one.pk for one in found]).annotate_config_context_data())
    else:
        for one in found:
            # As annotated, with nothing; without it Nautobot asks the database about each device.
            one.config_context_data = None
    return {one.pk: one.get_config_context().get("topology_cache") for one in found}


@attrs.frozen
class Ssh:
    """How a device's SSH server is reached."""

    port: int
    legacy: bool = False


def ssh(context: Any, port: int) -> Ssh:
    """What a device's config context, in which people write what they like, says of it; raises NotReachable."""
    if context is None:
        return Ssh(port)
    if not isinstance(context, Mapping):
        raise NotReachable(f"`topology_cache` in the config context is no mapping but {context!r}.")
    said, legacy = context.get("ssh_port"), context.get("ssh_legacy")
    if said is not None and (isinstance(said, bool) or not str(said).isdecimal() or not 0 < int(said) < 65536):
        raise NotReachable(f"`topology_cache.ssh_port` in the config context is no port but {said!r}.")
    if legacy not in (None, True, False):
        raise NotReachable(f"`topology_cache.ssh_legacy` in the config context is neither true nor false: {legacy!r}.")
    return Ssh(port if said is None else int(said), bool(legacy))


def driver_of(device: Device) -> str:
    """The network driver of a Device; raises NotReachable when Nautobot names none."""
    if device.platform is None:
        raise NotReachable("The device has no platform: set one with a network driver.")
    driver: str = device.platform.network_driver
    if not driver:
        raise NotReachable(f"The platform {device.platform} has no network driver: set it on the platform.")
    return driver


def supported_platforms() -> dict[str, Platform]:
    """Network driver -> platform file, a site's own included."""
    return platforms(platform_modules())


def platform_modules() -> tuple[str, ...]:
    """The dotted names of a site's own platform modules."""
    return settings().platform_modules


def platform_of(device: Device, supported: Mapping[str, Platform]) -> Platform:
    """The platform file for a Device; raises NotReachable when there is none."""
    driver = driver_of(device)
    platform = supported.get(driver)
    if platform is None:
        known = ", ".join(sorted(supported))
        raise NotReachable(f"The network driver {driver} is not supported; supported are {known}.")
    return platform


def target_of(
    device: Device, platform: Platform, ssh: Ssh, group: SecretsGroup | None, host_key: str, timeouts: Timeouts
) -> Target:
    """Where and how to log in; raises NotReachable with what is missing."""
    if _master(device) is not None:
        raise NotReachable("The device is asked through the master of its virtual chassis, which you may not view.")
    address = device.primary_ip4 or device.primary_ip6
    if address is None:
        raise NotReachable("The device has no primary IP address.")
    device_type = device.platform.network_driver_mappings.get("netmiko") or platform.netmiko
    if not device_type:
        raise NotReachable(f"netmiko has no device type for the network driver {platform.driver}.")
    return Target(
        device_id=str(device.pk),
        name=device.name or str(device.pk),
        host=str(address.host),
        port=ssh.port,
        legacy_ssh=ssh.legacy,
        driver=platform.driver,
        device_type=device_type,
        credentials=credentials(device, group or device.secrets_group),
        timeouts=timeouts,
        host_key=host_key,
    )


def target_at_hand(device: Device, platform: Platform, timeouts: Timeouts) -> Target:
    """A device whose answers are at hand: nobody logs in, so that neither address nor secrets are needed."""
    if _master(device) is not None:
        raise NotReachable("The device's answers belong to the master of its virtual chassis, which you may not view.")
    return Target(
        device_id=str(device.pk),
        name=device.name or str(device.pk),
        host="",
        port=0,
        driver=platform.driver,
        device_type="",
        credentials=Credentials(username=""),
        timeouts=timeouts,
    )


def credentials(device: Device, group: SecretsGroup | None) -> Credentials:
    """A device's credentials from its SecretsGroup, access type SSH before Generic; raises NotReachable."""
    if group is None:
        raise NotReachable("The device has no secrets group, and the run named none.")
    kinds = SecretsGroupSecretTypeChoices
    username = _secret(device, group, kinds.TYPE_USERNAME)
    password = _secret(device, group, kinds.TYPE_PASSWORD)
    private_key = _secret(device, group, "private-key")
    if not username or not (password or private_key):
        raise NotReachable(f"The secrets group {group} gives no username with a password or a private key for SSH.")
    return Credentials(
        username=username, password=password, private_key=private_key, secret=_secret(device, group, kinds.TYPE_SECRET)
    )


def _secret(device: Device, group: SecretsGroup, secret_type: str) -> str:
    """One secret, or `""` when the group has none of this type; raises NotReachable when its provider fails."""
    access = SecretsGroupAccessTypeChoices
    # Not by `get_secret_value`, which asks the database for each: the associations were fetched for all devices.
    secrets = {(one.access_type, one.secret_type): one.secret for one in group.secrets_group_associations.all()}
    for access_type in (access.TYPE_SSH, access.TYPE_GENERIC):
        secret = secrets.get((access_type, secret_type))
        if secret is None:
            continue
        try:
            return str(secret.get_value(obj=device))
        except SecretError as error:
            raise NotReachable(
                f"The {secret_type} of the secrets group {group} cannot be read: {type(error).__name__}."
            ) from error
    return ""


def standing(device_id: UUID) -> dict[tuple[str, str, str], Standing]:
    """(table, command, context) -> what is stored, of the slices that have rows."""
    slices = CachedSlice.objects.filter(device=device_id, rows__gt=0).order_by()
    listed = slices.values_list("table", "command", "context", "rows", "collected_at", "reason")
    return {
        (table, command, context): Standing(rows, collected_at, *doubted(reason))
        for table, command, context, rows, collected_at, reason in listed
    }


def with_stale_tables(devices: QuerySet) -> QuerySet:
    """Those of the Devices that have been discovered, show stale rows by now, and are not left out of polling."""
    stale = CachedSlice.objects.filter(CachedSlice.are_stale()).order_by().values("device")
    left_out = DeviceCache.objects.filter(polling_enabled=False).order_by().values("device")
    return devices.filter(pk__in=stale).exclude(pk__in=left_out)


def may_serve(since: datetime | None) -> Q:
    """Of CommandOutput: answers since then, or ever, that may serve as hits; of since then, none from the future."""
    hits = ~Q(reason__startswith=NEVER_HITS[0]) & ~Q(reason__startswith=NEVER_HITS[1])
    return hits if since is None else hits & Q(collected_at__gte=since) & ~from_the_future()


def expires_at(output: CommandOutput) -> datetime:
    """Until when an answer serves: a platform may give a command a time of its own."""
    for driver, command, lifetime in _own_lifetimes():
        if output.command == command.format(vrf=output.context) and _driver(output.device) == driver:
            return output.collected_at + lifetime
    return output.collected_at + timedelta(minutes=command_ttl_minutes())


def serving(now: datetime) -> Q:
    """Of CommandOutput: answers that may serve as hits now."""
    own = [When(_is(driver, command), then=Value(now - lifetime)) for driver, command, lifetime in _own_lifetimes()]
    since = Value(now - timedelta(minutes=command_ttl_minutes()))
    return may_serve(None) & Q(collected_at__gte=Case(*own, default=since)) & ~from_the_future()


def _is(driver: str, command: str) -> Q:
    return Q(device__platform__network_driver=driver, command=Replace(Value(command), Value("{vrf}"), F("context")))


def _driver(device: Device) -> str:
    return device.platform.network_driver if device.platform else ""


def _own_lifetimes() -> list[tuple[str, str, timedelta]]:
    """Network driver, command (with `{vrf}`) and lifetime of the commands that have one of their own."""
    return [
        (platform.driver, command.text, timedelta(seconds=command.ttl))
        for platform in supported_platforms().values()
        for item in platform.entries
        for command in item.alternatives
        if command.ttl is not None
    ]


def stored_outputs(device_id: UUID, since: datetime | None) -> dict[tuple[str, str], Callable[[], StoredOutput]]:
    """(command, context) -> loads the answer, of the answers since then, or ever, that may serve as hits.

    The texts come along compressed, so that a thread can unpack what it needs without the database.
    """
    rows = CommandOutput.objects.filter(device=device_id)
    listed = (
        rows.filter(may_serve(since))
        .order_by()
        .values_list("command", "context", "compressed", "collected_at", "duration")
    )
    return {
        (command, context): partial(_unpacked, bytes(compressed), collected_at, duration)
        for command, context, compressed, collected_at, duration in listed
    }


def _unpacked(compressed: bytes, collected_at: datetime, duration: float) -> StoredOutput:
    return StoredOutput(unpack(compressed), collected_at, duration)


def device_caches(device_ids: Iterable[UUID]) -> dict[UUID, DeviceCache]:
    """Device -> its DeviceCache, made for those that had none."""
    ids = list(device_ids)
    DeviceCache.objects.bulk_create([DeviceCache(device_id=pk) for pk in ids], ignore_conflicts=True)
    return {cache.device_id: cache for cache in DeviceCache.objects.filter(device__in=ids)}


def permitted(user: Any, secrets_group: UUID | None) -> SecretsGroup | None:
    """The SecretsGroup that a run names, if its user may use it; raises NotReachable otherwise."""
    if secrets_group is None:
        return None
    groups = SecretsGroup.objects.restrict(user, "view").prefetch_related("secrets_group_associations__secret")
    group = groups.filter(pk=secrets_group).first()
    if group is None:
        raise NotReachable(f"There is no secrets group {secrets_group} that {user} may use.")
    return group
