"""The module that the classes of scripts say they are of."""

import dataclasses
import typing
from types import ModuleType

from deputize_guest.dialect.kinds import SCRIPT


def module_of_scripts() -> ModuleType:
    """Return the module that ``dataclass`` looks into for the names in annotations that are texts."""
    module = ModuleType(SCRIPT)
    vars(module).update(
        ClassVar=typing.ClassVar,
        InitVar=dataclasses.InitVar,
        KW_ONLY=dataclasses.KW_ONLY,
        dataclasses=dataclasses,
        typing=typing,
    )
    return module
