import pytest

from tests.house.rules.stubs import unused_reasons, violations
from tests.house.source import package


def test_every_function_does_something():
    assert violations(package()) == []
    assert unused_reasons(package()) == set()


@pytest.mark.parametrize(
    "source",
    [
        "def cache_routes(device, rows):\n    pass",
        "def cache_routes(device, rows) -> None:\n    '''Write the routes.'''",
        "def cache_routes(device, rows) -> None: ...",
        "async def cache_routes(device):\n    '''Later.'''\n    raise NotImplementedError",
        "class Store:\n    def cache_routes(self):\n        raise NotImplementedError('not yet')",
        "def routes(device) -> list[Route]:\n    return []",
        "def routes(device) -> Iterator[Route]:\n    '''None yet.'''\n    yield from ()",
        "def routes(device):\n    return {}",
        "def gather(*a, **k):\n    return iter(())",
        "def route(device) -> Route | None:\n    return None",
        "class DeviceJob: ...",
        "class DeviceJob:\n    pass",
    ],
)
def test_a_stub_is_reported(source):
    found = violations({"second.py": source})
    assert len(found) == 1
    assert found[0].startswith("second.py:")


@pytest.mark.parametrize(
    "source",
    [
        "class Session(Protocol):\n    def answer(self, ask: Ask) -> Reply:\n        '''An answer.'''",
        "class Base:\n    @abc.abstractmethod\n    def rows(self) -> list: ...",
        "class ParseError(Exception):\n    '''The answer is not what the parser knows.'''",
        "def driver(self) -> str:\n    return ''",
        "def connected(self) -> bool:\n    return False",
        "def routes(device) -> list[Route]:\n    if not device:\n        return []\n    return ask(device)",
    ],
)
def test_what_is_no_stub_is_not_reported(source):
    assert violations({"one.py": source}) == []


def test_a_stub_is_reported_in_every_place():
    stub = "def cache_routes(device, rows) -> None:\n    pass\n"
    assert len(violations(dict.fromkeys(package(), stub))) == len(package())


def test_a_writer_that_became_a_stub_is_reported():
    source = package()["store.py"]
    at = source.index("    with transaction.atomic():", source.index("def save_rows"))
    emptied = source[:at] + "    return []\n\n\n" + source[source.index("def _hold") :]
    (told,) = violations({"store.py": emptied})
    assert "`save_rows` is a stub" in told
