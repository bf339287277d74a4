"""Nautobot without any app: the configuration under which the template database is built."""

from development.nautobot_config import *  # noqa: F403

PLUGINS = []
PLUGINS_CONFIG = {}
