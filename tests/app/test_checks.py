"""Each system check says what is wrong and what to do, and is silent where nothing is."""

import sys

import pytest
from django.conf import settings as django_settings
from django.core import checks as django_checks
from django.core.checks import Tags
from nautobot.extras.models import SecretsGroup

from development import ROOT
from nautobot_topology_cache import checks

APP = checks.APP
HERE = "redis://127.0.0.1:6379"
QUEUES = {"topology_cache": {"URL": f"{HERE}/2"}, "topology_cache_high": {"URL": f"{HERE}/2"}}


@pytest.fixture
def configured(settings):
    """Sets the app's settings."""

    def configure(**given) -> None:
        settings.PLUGINS_CONFIG = {**settings.PLUGINS_CONFIG, APP: {**settings.PLUGINS_CONFIG[APP], **given}}

    return configure


@pytest.fixture
def servers(settings):
    """Redis as Nautobot has it by default, and queues of our own."""
    settings.CELERY_BROKER_URL = f"{HERE}/0"
    settings.CACHES = {"default": {"LOCATION": f"{HERE}/1"}}
    settings.RQ_QUEUES = QUEUES


def ids(check, **given) -> list[str]:
    """The ids that a check answers, without the app's name; every message says what to do."""
    found = check(**given)
    assert all(one.hint and one.msg for one in found)
    return [one.id.removeprefix(f"{APP}.") for one in found]


def test_this_configuration_is_sound():
    assert [one for one in django_checks.run_checks() if str(one.id).startswith(APP)] == []


def test_every_check_is_registered():
    assert set(checks.CHECKS) <= set(django_checks.registry.registry.get_checks(include_deployment_checks=True))


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        ("django.db.backends.mysql", ["W001"]),
        ("django_prometheus.db.backends.mysql", ["W001"]),
        ("django_prometheus.db.backends.postgresql", []),
    ],
)
def test_mysql_is_untested(monkeypatch, engine, found):
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", engine)
    assert ids(checks.mysql) == found


@pytest.mark.parametrize(
    "wrong",
    [
        "there_is_no_such_module",
        "",
        ".relative",
        "nautobot_topology_cache.catalog",
        "site_with_typo",
        "site_with_syntax_error",
    ],
)
def test_a_platform_module_that_cannot_be_loaded(configured, tmp_path, monkeypatch, wrong):
    (tmp_path / "site_with_typo.py").write_text("PLATFORM = Platfrom()\n")
    (tmp_path / "site_with_syntax_error.py").write_text("PLATFORM = (\n")
    monkeypatch.syspath_prepend(tmp_path)
    configured(platform_modules=["nautobot_topology_cache.collect.platforms.cisco_ios", wrong])
    (found,) = checks.platform_modules()
    assert (found.id, found.level) == (f"{APP}.E001", django_checks.ERROR)
    assert repr(wrong) in found.msg


def test_platform_modules_that_can_be_loaded(configured, tmp_path, monkeypatch):
    (tmp_path / "our_platform.py").write_text(
        "from nautobot_topology_cache.collect.platforms.cisco_ios import PLATFORM\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    configured(platform_modules=["our_platform"])
    assert ids(checks.platform_modules) == []
    sys.modules.pop("our_platform")


@pytest.mark.parametrize(
    ("fan_out", "queues", "found"),
    [
        ("rq", {}, ["W002"]),
        ("rq", {"default": QUEUES["topology_cache"]}, ["W002"]),
        ("rq", {"topology_cache": QUEUES["topology_cache"]}, ["W002"]),
        ("rq", QUEUES, []),
        ("auto", {}, []),
        ("threads", {}, []),
    ],
)
def test_queues_are_needed_by_rq_alone(configured, settings, fan_out, queues, found):
    configured(fan_out=fan_out)
    settings.RQ_QUEUES = queues
    assert ids(checks.absent_queues) == found


def test_rq_queues_may_be_absent_altogether(configured, settings):
    configured(fan_out="rq")
    del settings.RQ_QUEUES
    assert ids(checks.absent_queues) == ["W002"]
    assert ids(checks.shared_redis) == []


@pytest.mark.parametrize(
    "queue",
    [
        {"URL": f"{HERE}/1"},
        {"URL": f"{HERE}/0"},
        {"URL": "redis://:secret@localhost/1"},
        {"URL": HERE, "DB": 1},
        {"HOST": "localhost", "PORT": 6379, "DB": 1},
        {"HOST": "127.0.0.1", "PORT": "6379"},
        {"USE_REDIS_CACHE": "default"},
    ],
)
def test_a_redis_database_that_something_else_uses(configured, servers, settings, queue):
    configured(fan_out="auto")
    settings.RQ_QUEUES = {**QUEUES, "topology_cache_high": queue}
    assert ids(checks.shared_redis) == ["W003"]
    (found,) = checks.shared_redis()
    assert "topology_cache_high" in found.msg
    assert "secret" not in found.msg
    configured(fan_out="threads")
    assert ids(checks.shared_redis) == []


@pytest.mark.parametrize(
    "queue",
    [
        {"URL": f"{HERE}/2"},
        {"URL": "redis://elsewhere:6379/1"},
        {"URL": "redis://127.0.0.1:6380/1"},
        {"HOST": "localhost", "PORT": 6379, "DB": 3},
        {"UNIX_SOCKET_PATH": "/run/redis.sock", "DB": 1},
        {"SENTINELS": [("sentinel", 26379)], "MASTER_NAME": "nautobot", "DB": 1},
    ],
)
def test_a_redis_database_of_their_own(configured, servers, settings, queue):
    configured(fan_out="rq")
    settings.RQ_QUEUES = {"topology_cache": queue, "topology_cache_high": queue}
    assert ids(checks.shared_redis) == []


def test_a_socket_is_compared_too(configured, servers, settings):
    configured(fan_out="auto")
    settings.CACHES = {"default": {"LOCATION": ["unix:///run/redis.sock?db=1"]}}
    settings.RQ_QUEUES = {"topology_cache": {"UNIX_SOCKET_PATH": "/run/redis.sock", "DB": 1}}
    assert ids(checks.shared_redis) == ["W003"]


@pytest.mark.django_db
def test_no_secrets_group_at_all():
    assert ids(checks.no_secrets_group, databases=["default"]) == ["W004"]
    asked = django_checks.run_checks(tags=[Tags.database], databases=["default"])
    assert f"{APP}.W004" in [one.id for one in asked]
    SecretsGroup.objects.create(name="lab")
    assert ids(checks.no_secrets_group, databases=["default"]) == []


@pytest.mark.django_db
def test_the_database_is_asked_only_when_it_is_named_and_has_its_tables(monkeypatch):
    assert ids(checks.no_secrets_group) == []
    assert ids(checks.no_secrets_group, databases=["job_logs"]) == []
    monkeypatch.setattr(SecretsGroup._meta, "db_table", "not_yet_migrated")
    assert ids(checks.no_secrets_group, databases=["default"]) == []


@pytest.mark.parametrize("known", ["E001", "W001", "W002", "W003", "W004"])
def test_every_id_is_explained(known):
    assert f"`{APP}.{known}`" in (ROOT / "docs" / "admin" / "troubleshooting.md").read_text("utf-8")
