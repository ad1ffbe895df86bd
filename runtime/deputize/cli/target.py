"""``RUN`` or ``RUN/SEQ`` on the command line."""

from dataclasses import dataclass

import typer


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A run by the beginning of its id, and maybe one of its entries."""

    run: str
    seq: int | None

    @classmethod
    def read(cls, text: str) -> "Target":
        """Return what *text* names."""
        run, slash, seq = text.partition("/")
        if not slash:
            return cls(run=run, seq=None)
        if not (seq.isascii() and seq.isdigit() and 0 < len(seq) <= 9):  # noqa: PLR2004 - no stream is longer
            raise typer.BadParameter(
                f'"{text}": after the slash stands the number of an entry.', param_hint="RUN"
            )
        return cls(run=run, seq=int(seq))
