"""Nautobot's configuration for the demo and the tests; where the servers are comes from the environment.

`NAUTOBOT_TOPOLOGY_CACHE_SETTINGS` (JSON) overrides the app's settings.
"""

import json
import os

from nautobot.core.settings import *  # noqa: F403
from nautobot.core.settings_funcs import parse_redis_connection

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# A development installation tells nobody that it exists.
INSTALLATION_METRICS_ENABLED = False
RELEASE_CHECK_URL = None

PLUGINS = ["nautobot_topology_cache"]
PLUGINS_CONFIG = {"nautobot_topology_cache": json.loads(os.environ.get("NAUTOBOT_TOPOLOGY_CACHE_SETTINGS") or "{}")}

# A Redis database of its own: Nautobot empties that of its cache at every upgrade.
_RQ_QUEUE = {
    "URL": parse_redis_connection(redis_database=2),
    "SERIALIZER": "rq.serializers.JSONSerializer",
    "DEFAULT_TIMEOUT": 600,
    "DEFAULT_RESULT_TTL": 3600,
}
RQ_QUEUES = {"topology_cache": _RQ_QUEUE, "topology_cache_high": _RQ_QUEUE}
# Not needed, but a device costs little more than half with it.
RQ = {"WORKER_CLASS": "nautobot_topology_cache.fanout.WarmWorker"}
