"""The installation that a command works on: settings, database and keys, each opened when first needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casemgr.cli.words import speak
from casemgr.errors import CasemgrError
from config import PREFIX, Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from casemgr.backups.places import Places
    from casemgr.crypto.providers import FileProvider, PassphraseProvider
    from casemgr.db import Database
    from casemgr.keys.service import Keyring

DEMO_FILE = "demo.json"


class Unreachable(CasemgrError):
    """The database does not answer."""


@dataclass
class Installation:
    """One installation; what it opens is closed when the command ends."""

    environment: Mapping[str, str] = field(repr=False)

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises SettingsError that names every problem."""
        from casemgr.codes.urgency import set_answer_minutes

        settings = read_settings(self.environment)
        speak(settings.language)
        set_answer_minutes(settings.answer_minutes)
        if settings.key_provider == "file" and not settings.synthetic:
            raise SettingsError(
                [f"{PREFIX}KEY_PROVIDER: not usable; a plain key file is for made-up data only"]
            )
        return settings

    @property
    def places(self) -> "Places":
        """Where the files are."""
        from casemgr.backups.places import Places

        return Places(directory=self.settings.directory)

    @cached_property
    def database(self) -> "Database":
        """The database; raises Unreachable when it does not answer."""
        from sqlalchemy.exc import SQLAlchemyError

        from casemgr.db import Database
        from casemgr.db.migrate import load_models

        # A column that refers to a table which nobody has imported has no type: ids would come as text.
        load_models()
        database = Database(self.settings.database_url)
        try:
            with database.engine.connect():
                return database
        except SQLAlchemyError:
            database.close()
            raise Unreachable from None

    @cached_property
    def keyring(self) -> "Keyring":
        """The unlocked keys; raises Locked when there is no key file and SealError for a wrong passphrase."""
        from casemgr.keys.service import Keyring

        return Keyring(self.provider.root_keys())

    @cached_property
    def provider(self) -> "FileProvider | PassphraseProvider":
        """What holds the root keys, opened; raises Refused where the installation was closed to be moved."""
        self.refuse_closed()
        return self.open_provider(self.places.root_keys)

    def refuse_closed(self) -> None:
        """Raise Refused("moved_away") where the installation was closed to be moved elsewhere."""
        from casemgr.errors import Refused

        if self.places.moved.exists():
            raise Refused("moved_away")

    def open_provider(self, path: Path) -> "FileProvider | PassphraseProvider":
        """Open a key file as the settings say, asking for the passphrase where it takes one."""
        from casemgr.cli.passphrases import ask_passphrase
        from casemgr.crypto.providers import FileProvider, PassphraseProvider
        from casemgr.errors import Locked

        if self.settings.key_provider == "file":
            return FileProvider(path)
        if not path.exists():
            raise Locked
        return PassphraseProvider(path, ask_passphrase(self.settings.passphrase_file))

    def child_environment(self) -> dict[str, str]:
        """Return the environment in which another process works on this installation."""
        return dict(self.environment)

    def close(self) -> None:
        """Close the connections to the database, where it was opened."""
        database = self.__dict__.pop("database", None)
        if database is not None:
            database.close()

    @property
    def is_demo(self) -> bool:
        """Whether everything here is made up: keys in a plain file, accounts listed beside it."""
        settings = self.settings
        is_plain = settings.synthetic and settings.key_provider == "file"
        return is_plain and (settings.directory / DEMO_FILE).exists()

    def require_current_tables(self) -> None:
        """Refuse to work on tables of another version, now and at every change from now on."""
        from casemgr.db import migrate
        from casemgr.errors import Refused

        self.refuse_closed()
        if migrate.current(self.database) is None:
            raise Refused("database_not_set_up")
        if not migrate.is_current(self.database):
            older = migrate.is_older(self.database)
            raise Refused("database_not_current" if older else "database_newer")
        self.database.expected = migrate.head()

    def work(self, *, write: bool) -> Any:
        """Open a unit of work with the unlocked keys."""
        from casemgr import db

        return db.work(self.database, self.keyring, write=write)
