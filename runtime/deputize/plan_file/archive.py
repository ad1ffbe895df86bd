"""Takes the members out of a zip that may be hostile, in memory and within bounds; writes one that is not.

Theory of operation. Nothing is written to a disk, so a member's name is only ever compared; one that would
lead elsewhere is refused all the same, for whoever made it meant harm. A zip says of each member how large
it will be, and no more than that is ever inflated; what it says is added up before anything is read. Zips
within zips are members like any other: they are not opened.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from deputize.errors import shown
from deputize.plan_file.faults import PlanFault, PlanFileInvalid

MIB: Final = 1024 * 1024
#: Bytes of a zip.
MOST_FILE_BYTES: Final = 4 * MIB
#: Bytes of all members together, inflated.
MOST_BYTES: Final = 16 * MIB
#: Bytes of one member, inflated.
MOST_MEMBER_BYTES: Final = 4 * MIB
MOST_MEMBERS: Final = 1000
#: How often a member may be as large as in the zip, where it is not small anyway.
MOST_RATIO: Final = 200
_SMALL_BYTES: Final = 64 * 1024
_LONGEST_NAME: Final = 500
_ENCRYPTED: Final = 0x1
#: What ``zipfile`` raises for bytes that are no zip, or a broken one, or one of a kind that it does not
#: implement (a compression, a version: ``NotImplementedError``).
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
#: A zip has no year before it.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE: Final = (stat.S_IFREG | 0o644) << 16


def members_of(data: bytes) -> dict[str, bytes]:
    """Return the files in the zip *data* by name. Raises ``PlanFileInvalid``."""
    if len(data) > MOST_FILE_BYTES:
        raise _refused(f"The file has more than {MOST_FILE_BYTES // MIB} MiB, which no plan takes.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [each for each in archive.infolist() if not each.is_dir()]
            _refuse_hostile(infos)
            return {each.filename: _inflated(archive, each) for each in infos}
    except _BROKEN:
        # What it says is about the inside of zips.
        raise _refused("The file is no zip, or a broken one. Export the plan again.") from None


def archive_of(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of *members* in their order; of the same members, always the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=_NO_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = _PLAIN_FILE
            archive.writestr(info, content)
    return target.getvalue()


def _refuse_hostile(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_MEMBERS:
        raise _refused(f"The zip has more than {MOST_MEMBERS} members.")
    if sum(each.file_size for each in infos) > MOST_BYTES:
        raise _refused(f"The zip would inflate to more than {MOST_BYTES // MIB} MiB.")
    seen: set[str] = set()
    faults: list[PlanFault] = []
    for info in infos:
        reasons = list(_reasons(info))
        if info.filename in seen:
            reasons.append("It is in the zip twice; which one is meant cannot be told.")
        seen.add(info.filename)
        faults += [PlanFault(member=shown(info.orig_filename), detail=each) for each in reasons]
    if faults:
        raise PlanFileInvalid(*faults)


def _reasons(info: zipfile.ZipInfo) -> Iterator[str]:
    name = info.orig_filename
    if len(name) > _LONGEST_NAME:
        yield f"The name has more than {_LONGEST_NAME} characters."
    parts = name.split("/")
    if "\0" in name or "\\" in name or ":" in parts[0] or any(each in ("", ".", "..") for each in parts):
        yield "The name leads outside of the zip. Members have plain relative names."
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        yield "It is no plain file: links and devices are not read."
    if info.flag_bits & _ENCRYPTED:
        yield "It is encrypted. Export the plan without a password."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield "It is compressed in a way that is not read; stored and deflated members are."
    if info.file_size > MOST_MEMBER_BYTES:
        yield f"It would inflate to more than {MOST_MEMBER_BYTES // MIB} MiB."
    elif info.file_size > _SMALL_BYTES and info.file_size > info.compress_size * MOST_RATIO:
        yield f"It would inflate to more than {MOST_RATIO} times its size, as no plan does."


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as member:
        # No more than the size that was judged, whatever the member holds.
        content = member.read(info.file_size)
    if len(content) != info.file_size:
        raise zipfile.BadZipFile
    return content


def _refused(detail: str) -> PlanFileInvalid:
    return PlanFileInvalid(PlanFault(detail=detail))
