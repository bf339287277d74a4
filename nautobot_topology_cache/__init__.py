"""Nautobot Topology Cache: what the network's devices say, kept in tables beside the Devices."""

from importlib import metadata

from nautobot.apps import ConstanceConfigItem, NautobotAppConfig

__version__ = metadata.version("nautobot-topology-cache")


class TopologyCacheConfig(NautobotAppConfig):
    """Registers the app with Nautobot; `app-config-schema.json` gives every setting's meaning and range."""

    name = "nautobot_topology_cache"
    verbose_name = "Topology Cache"
    author = "The Nautobot Topology Cache developers"
    description = "Discovers devices over SSH and keeps what they answer, as commands and as tables."
    version = __version__
    base_url = "topology-cache"
    min_version = "3.2.0"
    max_version = "3.2.99"
    required_settings = []
    default_settings = {
        "stale_after_minutes": 60,
        "ssh_port": 22,
        "connect_timeout": 10,
        "auth_timeout": 20,
        "banner_timeout": 15,
        "command_timeout": 60,
        "device_timeout": 300,
        "connect_retries": 1,
        "concurrency": 50,
        "logins_per_second": 20,
        "host_key_policy": "first_use",
        "fan_out": "auto",
        "unparsed_share": 0.05,
        "shrink_guard": 0.5,
        "run_days": 30,
        "history_days": 90,
        "max_answer_mb": 256,
        "ssh_config_file": "",
        "platform_modules": [],
    }
    constance_config = {
        "command_ttl_minutes": ConstanceConfigItem(
            default=30,
            help_text="Minutes for which a stored answer is used instead of asking the device again (0-10080).",
            field_type="topology_cache_minutes",
        ),
    }
    installed_apps = ["django_rq"]
    searchable_models = [
        "cachedinterface",
        "cachedipaddress",
        "cachedarpentry",
        "cachedmacaddress",
        "cachedneighbor",
        "cachedroute",
    ]
    docs_view_name = "plugins:nautobot_topology_cache:docs"
    home_view_name = "plugins:nautobot_topology_cache:discoveryrun_list"

    def ready(self) -> None:
        """With the app's checks, its disabled schedule, an eye on killed Jobs, and topology among GraphQL's queries."""
        super().ready()
        from nautobot_topology_cache import checks, configuration, housekeeping, orphans
        from nautobot_topology_cache.graphql import topology

        configuration.register_minutes()
        checks.register()
        housekeeping.register(self)
        orphans.register()
        topology.add_to_queries()


config = TopologyCacheConfig
