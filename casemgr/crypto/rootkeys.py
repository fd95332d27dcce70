"""Root keys: the versions under which data keys are wrapped, and the key from which fixed subkeys derive."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from casemgr.crypto.derivation import KEY_LENGTH
from casemgr.errors import NotFound, Refused, SealError

IS_CURRENT = "root_key_is_current"


@dataclass(frozen=True, slots=True, kw_only=True)
class RootKeys:
    """The opened root keys by id (k1, k2…), the id for new wraps, and the derivation key.

    The derivation key stays when a root key is added, so that password hashes and bucket indexes made with
    its subkeys stay valid through a rotation.
    """

    versions: Mapping[str, bytes] = field(repr=False)
    current_id: str
    derivation_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        keys = [*self.versions.values(), self.derivation_key]
        if self.current_id not in self.versions or any(len(key) != KEY_LENGTH for key in keys):
            raise SealError
        object.__setattr__(self, "versions", MappingProxyType(dict(self.versions)))

    def with_new_version(self) -> "RootKeys":
        """These keys with one more root key, which becomes the current one."""
        number = max(int(root_key_id.removeprefix("k")) for root_key_id in self.versions) + 1
        added = {f"k{number}": secrets.token_bytes(KEY_LENGTH)}
        return replace(self, versions={**self.versions, **added}, current_id=f"k{number}")

    def without_version(self, root_key_id: str) -> "RootKeys":
        """These keys without an old one; raises NotFound, or Refused("root_key_is_current")."""
        if root_key_id not in self.versions:
            raise NotFound
        if root_key_id == self.current_id:
            raise Refused(IS_CURRENT)
        kept = {key_id: key for key_id, key in self.versions.items() if key_id != root_key_id}
        return replace(self, versions=kept)


def new_root_keys() -> RootKeys:
    """Draw a first root key, k1, and a derivation key."""
    return RootKeys(
        versions={"k1": secrets.token_bytes(KEY_LENGTH)},
        current_id="k1",
        derivation_key=secrets.token_bytes(KEY_LENGTH),
    )


def dump_root_keys(root_keys: RootKeys) -> bytes:
    """Write root keys in the clear, to be sealed by a provider."""
    document = {
        "versions": {key_id: key.hex() for key_id, key in root_keys.versions.items()},
        "current_id": root_keys.current_id,
        "derivation_key": root_keys.derivation_key.hex(),
    }
    return json.dumps(document, sort_keys=True).encode()


def load_root_keys(content: bytes) -> RootKeys:
    """Read what `dump_root_keys` wrote; raises SealError for anything else."""
    try:
        document = json.loads(content)
        versions = {str(key_id): bytes.fromhex(key) for key_id, key in document["versions"].items()}
        [int(key_id.removeprefix("k")) for key_id in versions]
        derivation_key = bytes.fromhex(document["derivation_key"])
        return RootKeys(
            versions=versions, current_id=str(document["current_id"]), derivation_key=derivation_key
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SealError from None
