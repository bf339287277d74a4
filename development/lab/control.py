"""Counters and knobs over HTTP on loopback."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import attrs

from development.lab.knobs import Board, KnobError


class Handler(BaseHTTPRequestHandler):
    """GET /counters, /devices, /devices/NAME/knobs, /devices/NAME/typed; POST /reset, /devices/NAME/knobs."""

    server: Control
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a question."""
        board = self.server.board
        match self._path():
            case ["counters"]:
                self._send(HTTPStatus.OK, board.totals())
            case ["devices"]:
                self._send(HTTPStatus.OK, {name: attrs.asdict(knobs) for name, knobs in board.knobs.items()})
            case ["devices", name, "knobs"] if name in board.knobs:
                self._send(HTTPStatus.OK, attrs.asdict(board.knobs[name]))
            case ["devices", name, "typed"] if name in board.typed:
                self._send(HTTPStatus.OK, board.typed[name])
            case _:
                self._unknown()

    def do_POST(self) -> None:
        """Change something."""
        board = self.server.board
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        match self._path():
            case ["reset"]:
                board.reset()
                self._send(HTTPStatus.OK, board.totals())
            case ["devices", name, "knobs"] if name in board.knobs:
                self._turn(name, body)
            case _:
                self._unknown()

    def _turn(self, name: str, body: bytes) -> None:
        try:
            values = json.loads(body or b"{}")
            if not isinstance(values, dict):
                raise KnobError("knobs are a JSON object")
            knobs = self.server.board.turn(name, values)
        except (KnobError, json.JSONDecodeError) as error:
            self._send(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        else:
            self._send(HTTPStatus.OK, attrs.asdict(knobs))

    def _path(self) -> list[str]:
        return [unquote(part) for part in self.path.split("?")[0].strip("/").split("/")]

    def _unknown(self) -> None:
        self._send(HTTPStatus.NOT_FOUND, {"error": f"{self.path} is not here; see /counters and /devices/NAME/knobs"})

    def _send(self, status: HTTPStatus, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""


class Control(ThreadingHTTPServer):
    """The HTTP server of one lab."""

    daemon_threads = True

    def __init__(self, host: str, port: int, board: Board) -> None:
        super().__init__((host, port), Handler)
        self.board = board
