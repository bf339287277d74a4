import pytest

from tests.house.rules.swallowed import unused_reasons, violations
from tests.house.source import package


def caught(handler: str) -> dict[str, str]:
    return {"second.py": f"def routes(device):\n    try:\n        return ask(device)\n    {handler}\n"}


def test_no_error_becomes_nothing():
    assert violations(package()) == []
    assert unused_reasons(package()) == set()


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception:\n        return Failure('error')",
        "except:\n        report(device)",
        "except (ValueError, BaseException) as error:\n        report(error)",
        "except ValueError:\n        pass",
        "except ValueError:\n        return []",
        "except ValueError:\n        return ''",
        "except ValueError:\n        return None",
        "except ValueError:\n        return {}",
        "except ValueError:\n        rows = []",
        "except ValueError:\n        ...",
        "except ValueError as error:\n        logger.warning('%s', error)\n        return []",
    ],
)
def test_a_swallowed_error_is_reported(handler):
    found = violations(caught(handler))
    assert len(found) == 1
    assert found[0].startswith("second.py:4")


def test_suppression_is_reported():
    assert violations({"second.py": "with contextlib.suppress(ValueError):\n    ask()\n"})


@pytest.mark.parametrize(
    "handler",
    [
        "except Exception as error:\n        note(error)\n        raise",
        "except ValueError as error:\n        raise ParseError(str(error)) from error",
        "except ValueError as error:\n        return Failure('unparsed', str(error))",
        "except ValueError:\n        return False",
    ],
)
def test_an_error_that_is_answered_is_not_reported(handler):
    assert violations(caught(handler)) == []


def test_the_boundary_is_one_function():
    working = "try:\n            ask()\n        except Exception as error:\n            end(error)"
    source = f"class _Gathering:\n    def work(self):\n        {working}\n"
    assert violations({"collect/gather.py": source}) == []
    assert violations({"collect/gather.py": source.replace("work", "rest")})
    assert violations({"collect/wire.py": source})
