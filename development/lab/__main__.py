"""`python -m development.lab serve`: play a network on loopback until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import resource
import signal
import sys
from pathlib import Path

from development.lab.generate import SMALLEST
from development.lab.real import packages
from development.lab.real.serve import serve as serve_real
from development.lab.serve import Lab
from development.processes import LaunchError


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m development.lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="start the lab; lab.json appears when everything listens")
    serve.add_argument(
        "--state", type=Path, required=True, help="folder for lab.json, truth.json and the host keys' secret"
    )
    serve.add_argument("--seed", type=int, default=1)
    serve.add_argument("--size", type=int, default=SMALLEST, help="devices that answer (default %(default)s)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    serve.add_argument(
        "--base-port", type=int, default=0, help="first SSH port; by default those of the last start, else free ones"
    )
    serve.add_argument(
        "--replay", type=Path, help="serve the captured outputs of this folder instead of a generated network"
    )
    serve.add_argument("--real", action="store_true", help="real routers in namespaces instead; as root on Debian")
    commands.add_parser("install", help="install what the real routers need, as root on Debian")
    return parser.parse_args()


def allow_many_sockets() -> None:
    """A thousand devices listen on a thousand ports; common limits are lower than that."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def run(options: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    allow_many_sockets()
    lab = Lab.of(options.state, options.seed, options.size, options.replay)
    lab.start(options.host, options.base_port)
    print(
        f"lab: {len(lab.hosts)} devices, counters at {lab.simulator}/counters, inventory in {lab.inventory}", flush=True
    )
    await stop.wait()
    lab.stop()


def main() -> None:
    """Start."""
    options = arguments()
    try:
        if options.command == "install":
            print(f"installed: {' '.join(packages.install()) or 'nothing, all is there'}")
        elif options.real:
            serve_real(options.state)
        else:
            asyncio.run(run(options))
    except LaunchError as error:
        sys.exit(f"lab: {error}")


if __name__ == "__main__":
    main()
