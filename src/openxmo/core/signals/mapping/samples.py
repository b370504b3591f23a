"""The public data sets that a mapping ships for. The mappings are ours, the data is its publishers'."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.signals.mapping.checking import load_mapping
from openxmo.core.signals.mapping.form import About
from openxmo.core.signals.mapping.nearest import suggest

OFFICE = ".office.toml"


@dataclass(frozen=True)
class Sample:
    """A data set: what it holds, who publishes it on what terms, the files expected, and its mapping.

    `office` is an office file with the metrics that answer its headline questions; None where there is none.
    """

    name: str
    title: str
    holds: str
    publisher: str
    licence: str
    files: tuple[str, ...]
    mapping: Path
    office: Path | None

    def to_document(self) -> dict[str, Any]:
        paths = {"mapping": str(self.mapping), "office": str(self.office) if self.office else None}
        return {**asdict(self), "files": list(self.files), **paths}


def samples_folder() -> Path:
    """Where the mappings lie: inside an installed package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parents[3]
    for folder in (package / "samples", package.parent.parent / "samples"):
        if folder.is_dir():
            return folder
    raise UnreadableInput("The mappings of the public data sets are not installed.", mend="Install OpenXMO again.")


def list_samples() -> list[Sample]:
    """All samples by name, found by listing the folder."""
    folder = samples_folder()
    return [read_sample(path) for path in sorted(folder.glob("*.toml")) if not path.name.endswith(OFFICE)]


def read_sample(path: Path) -> Sample:
    about = load_mapping(path).form.about or About(title=path.stem)
    office = path.with_name(path.stem + OFFICE)
    return Sample(
        name=path.stem,
        title=about.title,
        holds=about.holds,
        publisher=about.publisher,
        licence=about.licence,
        files=about.files,
        mapping=path,
        office=office if office.exists() else None,
    )


def find_sample(name: str) -> Sample:
    """The sample of that name; WrongUsage names the nearest where there is none."""
    samples = {sample.name: sample for sample in list_samples()}
    if name not in samples:
        raise WrongUsage(f"No sample is called `{name}`.", mend=suggest(name, samples))
    return samples[name]
