"""Where an installation keeps its files, under one folder that only the service may read."""

from dataclasses import dataclass
from pathlib import Path

OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The files of an installation by what they are for."""

    directory: Path

    @property
    def root_keys(self) -> Path:
        """The key file that a passphrase opens (a plain one in the demonstration)."""
        return self.directory / "root.keys"

    @property
    def identity(self) -> Path:
        """The secret that opens backups, sealed under the root keys."""
        return self.directory / "backup-identity"

    @property
    def recipients(self) -> Path:
        """To whom backups are encrypted, one age recipient a line; further offices may be added."""
        return self.directory / "backup-recipients"

    @property
    def checkpoints(self) -> Path:
        """The signed states of the audit log."""
        return self.directory / "checkpoints"

    @property
    def ledger(self) -> Path:
        """The ids of data keys that were destroyed, to be destroyed again after a restore."""
        return self.directory / "erased-keys.txt"

    @property
    def last_backup(self) -> Path:
        """When the last backup was made and where to."""
        return self.directory / "last-backup.json"

    @property
    def unfinished(self) -> Path:
        """Stands here while a transfer is under way; what a killed one left may be taken away."""
        return self.directory / "transfer-unfinished"

    @property
    def moved(self) -> Path:
        """Stands here since the installation was closed to be moved; nothing works on it while it does."""
        return self.directory / "moved-away"

    def prepare(self) -> None:
        """Make the folders, readable by their owner only."""
        for folder in (self.directory, self.checkpoints):
            folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
