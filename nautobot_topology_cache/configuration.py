"""The app's settings, read in one place and handed on as one frozen value."""

from __future__ import annotations

from typing import Any

import attrs
from constance import forms as constance_fields
from constance import settings as constance_settings
from django.conf import settings as django_settings
from django.forms import IntegerField
from nautobot.apps.config import get_app_settings_or_config

APP = "nautobot_topology_cache"
LONGEST_TTL = 10080
"""Minutes."""
MINUTES = "topology_cache_minutes"
"""The type of the setting that is changed on Nautobot's configuration page."""


@attrs.frozen(kw_only=True)
class Settings:
    """Every setting of `app-config-schema.json` that has no need to be read at the moment of use."""

    stale_after_minutes: int
    ssh_port: int
    connect_timeout: float
    auth_timeout: float
    banner_timeout: float
    command_timeout: float
    device_timeout: float
    connect_retries: int
    concurrency: int
    logins_per_second: float
    host_key_policy: str
    fan_out: str
    unparsed_share: float
    shrink_guard: float
    run_days: int
    history_days: int
    max_answer_mb: int
    ssh_config_file: str
    platform_modules: tuple[str, ...] = attrs.field(converter=tuple)


def settings() -> Settings:
    """The settings as Nautobot was started with."""
    configured: dict[str, Any] = django_settings.PLUGINS_CONFIG[APP]
    return Settings(**{name: configured[name] for name in attrs.fields_dict(Settings)})


def register_minutes() -> None:
    """Have Nautobot's configuration page refuse minutes out of range.

    django-constance takes types of fields from the settings alone, where an app cannot add one.
    """
    field = (IntegerField, {"min_value": 0, "max_value": LONGEST_TTL})
    constance_fields.FIELDS[MINUTES] = constance_settings.ADDITIONAL_FIELDS[MINUTES] = field


def command_ttl_minutes() -> int:
    """Time to live of a stored answer as it is at this moment; a number out of range, from elsewhere, is cut to it."""
    return min(max(int(get_app_settings_or_config(APP, "command_ttl_minutes")), 0), LONGEST_TTL)
