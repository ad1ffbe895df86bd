"""The bundles that tests are run against: where they stand, and what is done for want of a record."""

from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from deputize.bundle.errors import BundleMissing
from deputize.bundle.file import SUFFIX, Bundle
from deputize.bundle.reading import read_bundle
from deputize.errors import did_you_mean

#: What is sent: nothing; the calls that have no record; all calls.
RecordMode: TypeAlias = Literal["none", "missing", "all"]
RECORD_MODES: Final[tuple[RecordMode, ...]] = get_args(RecordMode)
#: Beside the file of a test.
FOLDER: Final = "bundles"
RECORD_IT: Final = "record it once from the real system: pytest --deputize-record=missing"


def bundle_path(name: str | Path, *, folder: Path) -> Path:
    """Return the file that *name* means in *folder*, a test's: one of its ``bundles/``, or a path."""
    path = Path(name)
    if "/" not in str(name):
        path = Path(FOLDER, path.name if path.suffix == SUFFIX else f"{path.name}{SUFFIX}")
    found, here = folder / path, Path.cwd()
    return found.relative_to(here) if found.is_relative_to(here) else found


def bundle_at(path: Path, *, mode: RecordMode) -> Bundle | None:
    """Return the bundle at *path*; None for one that is yet to be recorded.

    Raises ``BundleInvalid``, and ``BundleMissing`` with the nearest name where nothing is recorded.
    """
    if path.exists():
        return read_bundle(path)
    if mode != "none":
        return None
    known = sorted(each.stem for each in path.parent.glob(f"*{SUFFIX}"))
    raise BundleMissing(
        f"{path}: no such bundle.{did_you_mean(path.stem, known)} "
        f"Bundles there: {', '.join(known) or 'none'}. Fetch one with `deputize bundle pull`, or {RECORD_IT}."
    )
