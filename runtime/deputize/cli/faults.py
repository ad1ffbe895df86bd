"""What is wrong with values, told by the options that they came from."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from deputize.errors import Refused
from deputize.use_cases.errors import Invalid


class OptionInvalid(Refused):
    """The value of an option cannot be used."""

    code = "INVALID"


@contextmanager
def told_by_option(options: Mapping[str, str]) -> Iterator[None]:
    """Raise ``OptionInvalid`` for ``Invalid``: *options* are what the pointers of its faults stand for."""
    try:
        yield
    except Invalid as error:
        lines = [f"{options.get(each.pointer, each.pointer)}: {each.detail}" for each in error.faults]
        raise OptionInvalid("\n".join(lines)) from None
