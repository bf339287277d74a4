"""Nautobot's configuration under test: the development one, except that Jobs run at once and in this process.

`TOPOLOGY_CACHE_TEST_SETTINGS` (JSON) overrides the app's settings in processes that tests start; with
`TOPOLOGY_CACHE_TEST_LOG` these log all they have to say.
"""

import json
import os

from nautobot.core.settings_funcs import parse_redis_connection

from development.nautobot_config import *  # noqa: F403
from development.nautobot_config import CACHES, DATABASES, RQ_QUEUES

ALLOWED_HOSTS = ["testserver", "nautobot.example.com", "localhost", "127.0.0.1"]
# Other tests of the session may have RQ workers listen: whoever wants them says so.
_SETTINGS = json.loads(os.environ.get("TOPOLOGY_CACHE_TEST_SETTINGS") or "{}")
PLUGINS_CONFIG = {"nautobot_topology_cache": {"fan_out": "threads", **_SETTINGS}}

_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
"""Of pytest-xdist. Every Nautobot test empties its Redis database, so each has its own, RQ another, Celery a third."""

# Celery's own processes, where a test starts them, have a broker between them.
CELERY_TASK_ALWAYS_EAGER = "TOPOLOGY_CACHE_TEST_CELERY" not in os.environ
CELERY_TASK_STORE_EAGER_RESULT = True
CELERY_BROKER_URL = "memory://" if CELERY_TASK_ALWAYS_EAGER else parse_redis_connection(redis_database=50 + _WORKER)
CONSTANCE_BACKEND = "constance.backends.memory.MemoryBackend"
CONTENT_TYPE_CACHE_TIMEOUT = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

CACHES["default"]["LOCATION"] = parse_redis_connection(redis_database=10 + _WORKER)
for _queue in RQ_QUEUES.values():
    _queue["URL"] = parse_redis_connection(redis_database=30 + _WORKER)

# pytest shows what was logged during a failed test; the console needs no second copy.
LOGGING = {"version": 1, "disable_existing_loggers": False}
if "TOPOLOGY_CACHE_TEST_LOG" in os.environ:
    LOGGING |= {
        "handlers": {"all": {"class": "logging.StreamHandler", "level": "DEBUG"}},
        "root": {"handlers": ["all"], "level": "DEBUG"},
    }

# The template is migrated already.
if _TEMPLATE := os.environ.get("TOPOLOGY_CACHE_TEST_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": _TEMPLATE, "MIGRATE": False}
