"""An office in a folder: what lies where."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.durable import make_folder, replace_file

HOME_FORMAT = 1  # of the folder: which parts it has and what they are called
LAKE_FORMAT = 1  # of the lake's tables
FOLDERS = ("inbox", "raw", "staging", "rejects", "lake", "fingerprints", "keys", "office", "releases", "exports")


@dataclass(frozen=True)
class Home:
    """The folder of one office. A folder is an office when it holds `openxmo.toml`."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> "Home":
        return cls(path.absolute())

    def exists(self) -> bool:
        return self.settings_file.is_file()

    @property
    def settings_file(self) -> Path:
        return self.path / "openxmo.toml"

    @property
    def inbox(self) -> Path:
        """Batches that are acknowledged and not yet in the lake."""
        return self.path / "inbox"

    @property
    def raw(self) -> Path:
        """Batches that are in the lake, as they were received, for a month."""
        return self.path / "raw"

    @property
    def staging(self) -> Path:
        """Work in progress; whatever lies here between two writers is rubbish."""
        return self.path / "staging"

    @property
    def rejects(self) -> Path:
        return self.path / "rejects"

    @property
    def lake(self) -> Path:
        return self.path / "lake"

    @property
    def fingerprints(self) -> Path:
        """Which (source, id) the lake holds; can always be made anew from the lake."""
        return self.path / "fingerprints"

    @property
    def keys(self) -> Path:
        """Secrets of this office. Whoever has them can recognise a person by a keyed hash."""
        return self.path / "keys"

    @property
    def office(self) -> Path:
        return self.path / "office"

    @property
    def releases(self) -> Path:
        return self.path / "releases"

    @property
    def exports(self) -> Path:
        return self.path / "exports"


def make_home(home: Home, *, office_id: str, at: datetime, lake: str | None = None) -> None:
    """Makes the folders, then the settings file that declares them an office; `lake` is the address of its tables."""
    for name in FOLDERS:
        make_folder(home.path / name)
    close_to_others(home)
    text = (
        f'format = {HOME_FORMAT}\nlake_format = {LAKE_FORMAT}\noffice = "{office_id}"\nmade_at = "{at.isoformat()}"\n'
    )
    replace_file(home.settings_file, (text + as_setting(lake)).encode())


def as_setting(lake: str | None) -> str:
    return "" if lake is None else f'lake = "{lake}"\n'


def set_lake(home: Home, lake: str | None) -> None:
    """Says where the tables lie: at an address, or in the home."""
    lines = home.settings_file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("lake =")]
    replace_file(home.settings_file, ("".join(kept) + as_setting(lake)).encode())


def close_to_others(home: Home) -> None:
    """Only the account that runs the office reads it, whatever its umask; what else lies beside stays as it is."""
    for name in FOLDERS:
        (home.path / name).chmod(0o700)


def read_settings(home: Home) -> dict[str, Any]:
    """The folder's format, the office's id; refuses a folder that this version cannot read."""
    if not home.exists():
        raise UnreadableInput(
            "There is no office here.", where=str(home.path), mend="Make one with `xmo init`, or name its folder."
        )
    try:
        settings = tomllib.loads(home.settings_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableInput(
            f"The office's settings cannot be read: {error}.",
            where=str(home.settings_file),
            mend="Put the file back from a backup.",
        ) from None
    for key, newest in (("format", HOME_FORMAT), ("lake_format", LAKE_FORMAT)):
        found = settings.get(key)
        if not isinstance(found, int) or found > newest:
            raise UnreadableInput(
                f"This office was written by a newer OpenXMO ({key} {found!r}, this one reads up to {newest}).",
                where=str(home.settings_file),
                mend="Install the newer version.",
            )
    return settings
