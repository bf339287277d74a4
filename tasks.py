"""The project's commands: `invoke --list`."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from invoke import Context, task

from development import ROOT, STATE, fault_report, migration_check, pins, testing
from development import demo as demonstration
from development.documentation import SITE, build_documentation
from development.processes import LaunchError


@contextmanager
def _plain_errors() -> Iterator[None]:
    """A LaunchError tells all there is to tell: no traceback."""
    try:
        yield
    except LaunchError as error:
        sys.exit(f"\n{error}")


def _python(*arguments: str) -> None:
    """`python -m ARGUMENTS` in the project's folder; ends with its exit code if that is not zero."""
    code = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, check=False).returncode
    if code:
        sys.exit(code)


def _nautobot_server(*arguments: str) -> None:
    with _plain_errors():
        sys.exit(demonstration.nautobot_server(arguments))


@task(help={"no_lab": "Nautobot alone, without lab and devices", "fresh": "begin with an empty database"})
def demo(_context: Context, no_lab: bool = False, fresh: bool = False) -> None:
    """Start Nautobot with this app and a simulated network, discover it, and leave all running."""
    with _plain_errors():
        demonstration.demo(with_lab=not no_lab, fresh=fresh)


@task
def stop(_context: Context) -> None:
    """End everything that demo and test started."""
    with _plain_errors():
        demonstration.stop()


@task(name="test")
def all_tests(_context: Context, coverage: bool = True) -> None:
    """Run all tests and measure what they cover."""
    with _plain_errors():
        testing.run_tests(coverage=coverage)


@task(help={"json": "a file for the report", "size": "devices of the large run in which a worker is killed, say 1000"})
def faults(_context: Context, json: str = "", size: int = 0) -> None:
    """Make every fault of the table happen, and compare what comes of it with what is stated."""
    with _plain_errors():
        fault_report.report(Path(json) if json else None, size)


@task(help={"full": "the sizes of real networks' largest tables; takes long", "json": "a file for the report"})
def bench(_context: Context, full: bool = False, json: str = "") -> None:
    """Measure the app beside a script of netmiko, ntc-templates and the ORM; fails on wrong results, never on time."""
    _python("development.bench", *(["--full"] if full else []), *(["--json", json] if json else []))


@task
def lint(_context: Context) -> None:
    """Check style, format and types."""
    _python("ruff", "check", ".")
    _python("ruff", "format", "--check", ".")
    _python("mypy")


@task(name="format")
def format_(_context: Context) -> None:
    """Format the code and mend what can be mended without a thought."""
    _python("ruff", "check", "--fix", "--exit-zero", ".")
    _python("ruff", "format", ".")


@task
def typecheck(_context: Context) -> None:
    """Check the types of the pure packages, strictly."""
    _python("mypy")


@task
def docs(_context: Context) -> None:
    """Renew what the documentation shows of the code, and build it for the app to serve."""
    from development import reference  # imports Nautobot, which takes seconds

    for page in reference.renew():
        print(f"renewed: {page.relative_to(ROOT)}")
    with _plain_errors():
        build_documentation(STATE / "logs" / "documentation.log", always=True)
    print(f"built: {SITE.relative_to(ROOT)}/index.html")


@task
def build(context: Context) -> None:
    """Build the wheel, with the documentation in it, into dist/."""
    docs(context)
    with context.cd(ROOT):
        context.run("uv build --wheel")


@task(help={"json": "also write the report to this file", "captures": "a folder with networks/ and single/"})
def fidelity(_context: Context, json: str = "", captures: str = "") -> None:
    """Measure how much of what devices say the tables hold: the lab, and the captures where they are."""
    given = {"--json": json, "--captures": captures}
    _python("development.fidelity", *(part for name, value in given.items() if value for part in (name, value)))


@task(
    help={
        "seed": "another network",
        "size": "how many devices, about",
        "replay": "a folder of captured outputs",
        "real": "FRR routers in network namespaces, as root on Debian; installs the packages that are missing",
    }
)
def lab(_context: Context, seed: int = 1, size: int = 14, replay: str = "", real: bool = False) -> None:
    """Run the simulated network alone, in the foreground; its description is .state/lab-alone/lab.json."""
    options = [f"--seed={seed}", f"--size={size}", f"--state={STATE / 'lab-alone'}"]
    options += ["--real"] if real else []
    _python("development.lab", "serve", *options, *([f"--replay={replay}"] if replay else []))


@task
def lock(_context: Context) -> None:
    """Pin every dependency's version in pyproject.toml."""
    with _plain_errors():
        print(f"{pins.lock()} versions pinned in pyproject.toml")


@task
def makemigrations(_context: Context) -> None:
    """Write the migrations that the app's models ask for."""
    _nautobot_server("makemigrations", "nautobot_topology_cache")


@task
def check_migrations(_context: Context) -> None:
    """Compare the quickly built database with one that is really migrated; takes minutes."""
    with _plain_errors():
        migration_check.check_migrations()


@task
def shell(_context: Context) -> None:
    """Open a Python shell inside the demo's Nautobot."""
    _nautobot_server("nbshell")


@task
def server(_context: Context) -> None:
    """Run `nautobot-server ARGUMENTS` in the demo's environment: invoke server -- ARGUMENTS."""
    _nautobot_server(*(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else ["help"]))
