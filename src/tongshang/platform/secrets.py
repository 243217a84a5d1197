"""Secrets at rest: AES-256-GCM under a master key with an id, so that keys can be rotated one row at a time."""

import hmac
import json
import os
import random
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Unsealable(Exception):
    """A sealed value was made under a key that is not here, or was changed."""


class Secrets:
    """Seals and opens values; a sealed value is key id (8 bytes) + nonce (12) + ciphertext with tag."""

    def __init__(self, keys: dict[str, bytes], current: str) -> None:
        self._ciphers = {kid: AESGCM(key) for kid, key in keys.items()}
        self._keys = keys
        self.current = current

    def __repr__(self) -> str:
        return f"Secrets(current={self.current!r})"

    def seal(self, plain: bytes, *, bound_to: str) -> bytes:
        """Encrypt; `bound_to` names the place (table, column, merchant), so that a value cannot be moved."""
        nonce = os.urandom(12)
        return self.current.encode() + nonce + self._ciphers[self.current].encrypt(nonce, plain, bound_to.encode())

    def open(self, sealed: bytes, *, bound_to: str) -> bytes:
        """Decrypt what `seal` made, or raise Unsealable."""
        kid = bytes(sealed[:8]).decode("ascii", "replace")
        if kid not in self._ciphers:
            raise Unsealable(f"no master key {kid}")
        try:
            return self._ciphers[kid].decrypt(sealed[8:20], sealed[20:], bound_to.encode())
        except InvalidTag:
            raise Unsealable("the sealed value was changed or moved") from None

    @property
    def ids(self) -> list[str]:
        """List the ids of the keys, the oldest first."""
        return list(self._keys)

    def is_current(self, sealed: bytes) -> bool:
        """Say whether a value is sealed under the current key."""
        return bytes(sealed[:8]).decode("ascii", "replace") == self.current

    def derive(self, purpose: str) -> str:
        """Derive a stable password for a purpose from the oldest key (rotation must not change it)."""
        oldest = next(iter(self._keys.values()))
        return hmac.new(oldest, purpose.encode(), "sha256").hexdigest()


def load(path: Path) -> Secrets:
    """Read the master keys, making the first one once (file mode 0600)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, {"current": "", "keys": {}}, new=True)
    data = json.loads(path.read_text())
    return Secrets({kid: bytes.fromhex(key) for kid, key in data["keys"].items()}, data["current"])


def add_key(path: Path) -> Secrets:
    """Put a new master key in front; old ones stay until nothing is sealed under them."""
    data = json.loads(path.read_text())
    _write(path, data, new=False)
    return load(path)


def _write(path: Path, data: dict[str, object], *, new: bool) -> None:
    """Write the key file with one more key, atomically; of two racing makers of a first key one wins."""
    kid = f"{random.SystemRandom().getrandbits(32):08x}"
    keys = data["keys"]
    assert isinstance(keys, dict)
    text = json.dumps({"current": kid, "keys": {**keys, kid: os.urandom(32).hex()}}, indent=1)
    draft = path.with_suffix(f".{kid}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if new:
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        draft.unlink()
    else:
        draft.replace(path)
