from tests.house.rules.twins import violations
from tests.house.source import package

WRITE = """
def write(device, rows):
    '''Write the rows.'''
    known = {row.key: row for row in device.rows}
    for row in rows:
        if row.key in known:
            known[row.key].update(row)
        else:
            device.rows.append(row)
    return len(rows)
"""
BLOCKING = WRITE.replace("def write", "async def write_blocking").replace("Write the rows", "The same, blocking")


def test_no_two_functions_say_the_same():
    assert violations(package()) == []


def test_a_copy_is_reported_although_its_name_and_docstring_differ():
    (told,) = violations({"one.py": WRITE, "two.py": BLOCKING})
    assert told.startswith("one.py:2 and two.py:2: `write` and `write_blocking`")


def test_a_copy_of_a_function_of_the_package_is_reported():
    assert violations({**package(), "second.py": package()["changes.py"]})


def test_functions_that_only_look_alike_are_not_reported():
    other = WRITE.replace("device.rows", "device.slices").replace("known[row.key].update(row)", "close(row)")
    assert violations({"one.py": WRITE, "two.py": other}) == []
