"""What a script may call things: names, attributes, methods of its classes.

A name with a leading underscore is the script's own business, but an underscore is also all that separates
it from the interpreter's. So such a name is *private*: the compiler spells it with ``MARK``, a letter that
looks like an underscore, that no object of ours has in an attribute and that no script may write. A script
reaches its own ``_cache`` and nobody else's.
"""

import re
from typing import Final

from RestrictedPython.transformer import INSPECT_ATTRIBUTES

from deputize_guest.private_names import MARK

#: Attributes that lead to frames, code, tracebacks and type graphs.
REFUSED: Final[frozenset[str]] = frozenset(INSPECT_ATTRIBUTES) | frozenset(
    """
    ag_running ag_state ag_suspended cr_running cr_state cr_suspended gi_running gi_state gi_suspended
    f_lasti f_lineno f_trace_lines f_trace_opcodes tb_lasti tb_lineno co_argcount co_branches co_cellvars
    co_consts co_exceptiontable co_filename co_firstlineno co_flags co_freevars co_kwonlyargcount co_lines
    co_linetable co_lnotab co_name co_names co_nlocals co_positions co_posonlyargcount co_qualname
    co_stacksize co_varnames cell_contents func_closure func_code func_defaults func_globals im_class
    im_func im_self mro print_file_and_line with_traceback
    """.split()
)

#: Attributes of named tuples, which have an underscore to keep out of the way of the fields.
NAMEDTUPLE: Final = frozenset({"_asdict", "_field_defaults", "_fields", "_make", "_replace"})

#: Dunders that may be read; the guard answers them.
READABLE: Final = frozenset({"__class__", "__doc__", "__name__", "__qualname__"})

#: Attributes whose reading depends on the object; the compiler routes them through the guard.
GUARDED: Final[frozenset[str]] = NAMEDTUPLE | READABLE | {"format", "format_map", "obj", "register"}

#: Of these, the ones that a script may also give to objects of its own, under the very name.
GUARDED_AND_OWN: Final = frozenset({"format", "format_map", "obj", "register"})

#: Methods of the language's protocols that a class body may define.
METHODS: Final = frozenset(
    f"__{name}__"
    for name in """
    init post_init repr str bytes bool hash len length_hint iter next reversed contains getitem setitem
    delitem missing call enter exit eq ne lt le gt ge add radd iadd sub rsub isub mul rmul imul matmul
    rmatmul imatmul truediv rtruediv itruediv floordiv rfloordiv ifloordiv mod rmod imod divmod rdivmod pow
    rpow ipow lshift rlshift ilshift rshift rrshift irshift and rand iand or ror ior xor rxor ixor neg pos
    abs invert int float complex index round trunc floor ceil
    """.split()
)

#: Names with a meaning for ``enum``, which keep their underscores.
ENUM_HOOKS: Final = frozenset({"_generate_next_value_", "_missing_"})

#: Names that no statement may bind: the compiler gives them their meaning.
UNBINDABLE: Final = frozenset({"super", "__class__"})

_DUNDER: Final = re.compile(r"__.*[^_].*__", re.DOTALL)


def is_dunder(name: str) -> bool:
    """Return whether *name* is spelt ``__like_this__``."""
    return _DUNDER.fullmatch(name) is not None


def private(name: str, class_name: str | None = None) -> str:
    """Return the spelling inside of *name* if it has a leading underscore, else *name* itself.

    Within a class, two underscores bind the name to this class, as Python does.
    """
    if not name.startswith("_") or name == "_" or name in ENUM_HOOKS:
        return name
    owner = (class_name or "").lstrip("_" + MARK)
    if name.startswith("__") and not name.endswith("__") and owner:
        name = f"_{owner}{name}"
    bare = name.lstrip("_")
    return MARK * (len(name) - len(bare)) + bare


def attribute_refusal(name: str) -> str | None:
    """Return why a script may not read or write the attribute *name* of an object, None when it may.

    Private names are decided by their spelling; see ``private``.
    """
    if MARK in name:
        return "the letter U+02CD may not stand in a name"
    if is_dunder(name):
        return _DUNDER_ADVICE.get(name, f'"{name}" belongs to the interpreter')
    if name in REFUSED:
        return f'"{name}" leads into the interpreter'
    return None


_DUNDER_ADVICE: Final = {
    "__dict__": '"__dict__" is not available; use vars(object), or dataclasses.asdict',
    "__init__": '"__init__" is called as super().__init__(…)',
    "__slots__": '"__slots__" is not available; use @dataclass(slots=True)',
    "__all__": '"__all__" is not needed: every name without a leading underscore is exported',
    "__new__": '"__new__" is not available; use __init__, or a function that returns the object',
    "__getattr__": '"__getattr__" is not available; use __getitem__, or a method',
    "__setattr__": '"__setattr__" is not available; use a property, or @dataclass(frozen=True)',
    "__format__": '"__format__" is not available; use __str__, or a method',
    "__del__": '"__del__" is not available; use a context manager with __enter__ and __exit__',
    "__file__": '"__file__" is not available: a script has no file',
    "__import__": '"__import__" is not available; use an import statement',
    "__builtins__": '"__builtins__" is not available',
}
