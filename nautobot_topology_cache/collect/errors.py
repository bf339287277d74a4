"""What can go wrong between a session and a record.

CollectError
|-- ParseError            the answer is not what the parser knows        -> failed: unparsed
|   `-- ParseTimeoutError  a template takes too long to read it           -> failed: parse timeout
|-- PlatformError         a platform file contradicts itself             -> import error
`-- SessionError          carries the Failure that the device ends with  -> failed: <word>
"""

from __future__ import annotations

from nautobot_topology_cache.collect.results import Failure


class CollectError(Exception):
    """Anything this package raises on purpose."""


class ParseError(CollectError):
    """The parser cannot read the answer; the message names the line or the template."""


class ParseTimeoutError(ParseError):
    """Reading the answer was given up: an expression of the template explodes on it, or it is larger than it can be."""


class PlatformError(CollectError):
    """A platform file is wrong; raised when it is imported."""


class SessionError(CollectError):
    """The device cannot be asked; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure
