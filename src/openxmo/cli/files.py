"""Reading a file that a person named: what cannot be read is said in their words."""

from pathlib import Path

from openxmo.core.errors import UnreadableInput


def read_text(path: Path) -> str:
    """The words of a UTF-8 file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadableInput(f"There is no file {path}", mend="Look at its name and folder.") from None
    except IsADirectoryError:
        raise UnreadableInput(f"{path} is a folder", mend="Name a file in it.") from None
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{path} is not UTF-8", where=f"byte {error.start:,}", mend="Save it as UTF-8.") from None
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read: {error.strerror}") from None
