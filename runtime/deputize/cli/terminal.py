"""Where a command writes: data to stdout, talk to stderr."""

import io
import sys
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.text import Text

from deputize.cli.escape import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """The two streams, and whether words stand for symbols."""

    out: Console
    talk: Console
    plain: bool

    @classmethod
    def open(cls, *, plain: bool = False) -> "Terminal":
        """Return the process's own streams.

        Words stand for symbols when asked for, on a dumb terminal, and where the encoding has no
        symbols. ``NO_COLOR`` takes the colour away and nothing else: no meaning is in it.
        """
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        out, talk = _console(sys.stdout, plain=plain), _console(sys.stderr, plain=plain)
        # Into a pipe too: whoever reads there may be the one for whom TERM was set.
        dumb = Console(force_terminal=True).is_dumb_terminal
        plain = plain or dumb or not _has_symbols(out.encoding)
        return cls(out=out, talk=talk, plain=plain)

    def write(self, line: Text | str = "") -> None:
        """Write one line of data; it is wrapped by nobody and interpreted by nobody."""
        self.out.print(line, soft_wrap=True)

    def write_json(self, value: object, *, indent: int | None = 2) -> None:
        """Write *value* as one JSON document; on one line when *indent* is None."""
        # Not through rich, which would look for tabs and widths in what may be megabytes.
        self.out.file.write(to_json(value, indent=indent) + "\n")
        self.out.file.flush()

    def say(self, line: Text | str) -> None:
        """Write one line of talk."""
        self.talk.print(line, soft_wrap=True)

    @property
    def columns(self) -> int | None:
        """The width to break lines at, or None where a line is a line: in a file or a pipe."""
        return self.out.width if self.out.is_terminal else None


def _console(stream: TextIO, *, plain: bool) -> Console:
    return Console(
        file=stream,
        markup=False,
        highlight=False,
        emoji=False,
        color_system=None if plain else "auto",
    )


def _has_symbols(encoding: str) -> bool:
    try:
        "✓✗‼▶■·".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
