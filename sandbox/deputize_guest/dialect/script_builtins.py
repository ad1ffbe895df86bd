"""The built-in names of scripts, and what to use instead of those they lack."""

import builtins
from collections.abc import Callable
from typing import Any, Final

from deputize_guest.dialect import attributes, kinds
from deputize_guest.dialect.class_statement import build_class
from deputize_guest.dialect.renamed import renamed

#: Taken as they are.
PLAIN: Final[frozenset[str]] = frozenset(
    """
    abs all any ascii bin bool bytearray bytes callable chr classmethod complex dict divmod enumerate
    filter float format frozenset hash hex int isinstance issubclass iter len list map max min next object
    oct ord pow property range repr reversed round set slice sorted staticmethod str sum tuple zip
    Ellipsis NotImplemented ArithmeticError AssertionError AttributeError BaseException BlockingIOError
    BufferError ConnectionError EOFError Exception FloatingPointError GeneratorExit IOError ImportError
    IndexError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError
    NotImplementedError OSError OverflowError PermissionError RecursionError ReferenceError RuntimeError
    StopIteration TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError
    UnicodeError UnicodeTranslateError ValueError ZeroDivisionError DeprecationWarning RuntimeWarning
    UserWarning Warning
    """.split()
)

#: Made anew.
OWN: Final = ("delattr", "getattr", "hasattr", "print", "setattr", "type", "vars")

#: Names of Python that scripts lack, and what to use instead.
INSTEAD: Final = {
    "BaseExceptionGroup": "raise the exceptions one by one",
    "ExceptionGroup": "raise the exceptions one by one",
    "SystemExit": "return from main, or raise",
    "__debug__": "write the condition out",
    "__file__": "a script has no file",
    "breakpoint": "use log.debug, or run the test with --deputize-in-process",
    "compile": "a script cannot make code while it runs",
    "dir": "name the attributes you need",
    "eval": "use json.loads for data",
    "exec": "a script cannot make code while it runs",
    "exit": "return from main, or raise",
    "globals": "keep values in a dict of your own",
    "help": "see the documentation",
    "id": "compare with `is`",
    "input": "name payload among main's parameters",
    "locals": "keep values in a dict of your own",
    "memoryview": "use bytes or bytearray",
    "open": "a script has no files; use io.StringIO or io.BytesIO",
    "quit": "return from main, or raise",
}

NAMES: Final = PLAIN | frozenset(OWN) | {"True", "False", "None", "super", "__name__"}


# A guest serves one run, so there is one dict, filled in where it lies: a copy would count a reference to
# each of its values, and so write to all of their pages.
_BUILTINS: Final = renamed(
    {
        **{name: getattr(builtins, name) for name in PLAIN},
        "delattr": attributes.script_delattr,
        "getattr": attributes.script_getattr,
        "hasattr": attributes.script_hasattr,
        "setattr": attributes.script_setattr,
        "super": super,
        "type": kinds.Type(),
        "vars": kinds.script_vars,
        # Scripts cannot write this one; the interpreter looks it up for a class.
        "__build_class__": build_class,
    }
)


def script_builtins(*, print_: Callable[..., None], import_: Callable[..., Any]) -> dict[str, Any]:
    """Return the built-ins of the run, the interpreter's hooks among them."""
    _BUILTINS["print"] = print_
    # Scripts cannot write this one either.
    _BUILTINS["__import__"] = import_
    return _BUILTINS
