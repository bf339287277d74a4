"""SSH with SHA-1, for devices that can do no better and that somebody has named one by one.

paramiko has given it up, and for all other devices so have we: whoever sits in the way could break it with effort. What
is added are two key exchanges and RSA host keys with the signature of that time. The 1024-bit exchange (`group1`) of
still older devices is not: it has been broken in practice.
"""

from __future__ import annotations

from hashlib import sha1

import paramiko
from cryptography.hazmat.primitives import hashes
from paramiko.kex_gex import KexGexSHA256
from paramiko.kex_group14 import KexGroup14SHA256


class _KexGroup14SHA1(KexGroup14SHA256):  # type: ignore[misc]  # paramiko is untyped
    name = "diffie-hellman-group14-sha1"
    hash_algo = sha1


class _KexGexSHA1(KexGexSHA256):  # type: ignore[misc]
    name = "diffie-hellman-group-exchange-sha1"
    hash_algo = sha1


class _RSAKeySHA1(paramiko.RSAKey):  # type: ignore[misc]
    """Verifies host keys only; our own private keys go on to sign with SHA-2."""

    HASHES = {**paramiko.RSAKey.HASHES, "ssh-rsa": hashes.SHA1}


class LegacyTransport(paramiko.Transport):  # type: ignore[misc]
    """A transport that takes SHA-1 where the device offers nothing better."""

    _kex_info = {**paramiko.Transport._kex_info, **{kex.name: kex for kex in (_KexGroup14SHA1, _KexGexSHA1)}}
    _preferred_kex = (*paramiko.Transport._preferred_kex, _KexGroup14SHA1.name, _KexGexSHA1.name)
    _key_info = {**paramiko.Transport._key_info, "ssh-rsa": _RSAKeySHA1}
    _preferred_keys = (*paramiko.Transport._preferred_keys, "ssh-rsa")
