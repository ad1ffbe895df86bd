"""The decision about every node of Python's grammar: part of the dialect, or not, and what to use instead."""

from typing import Final

#: Nodes that are what they are in Python; only what is in them is judged.
PLAIN: Final = frozenset(
    """
    Module Expr Return Yield YieldFrom arguments
    Assign AnnAssign NamedExpr Delete For While Break Continue If Pass With withitem Try Raise Assert
    Match MatchValue MatchSingleton MatchSequence MatchOr
    Subscript Slice Starred Load Store Del Constant JoinedStr FormattedValue List Tuple Set Dict
    IfExp BoolOp And Or UnaryOp UAdd USub Not Invert
    BinOp Add Sub Mult Div FloorDiv Mod Pow LShift RShift BitOr BitXor BitAnd MatMult
    Compare Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn
    """.split()
)

#: Nodes that ``policy`` has a method for: they hold a name, or make a scope.
JUDGED: Final = frozenset(
    """
    Name Attribute Global Nonlocal Import ImportFrom AugAssign ExceptHandler match_case MatchStar MatchAs
    MatchMapping MatchClass Call keyword ListComp SetComp GeneratorExp DictComp comprehension FunctionDef
    Lambda arg ClassDef
    """.split()
)

_NO_ASYNC: Final = (
    "a script is synchronous; leave out async and await, and use http.send_all for calls at once"
)
#: What is said of ``def f[T]()`` and ``class C[T]``.
NO_TYPE_PARAMETERS: Final = "type parameters are not available; use typing.TypeVar, or leave the type out"
_NO_TEMPLATES: Final = "t-strings are not available; use an f-string"

#: Nodes that scripts may not use, and what to use instead.
REFUSED: Final = {
    "AsyncFor": _NO_ASYNC,
    "AsyncFunctionDef": _NO_ASYNC,
    "AsyncWith": _NO_ASYNC,
    "Await": _NO_ASYNC,
    "Interpolation": _NO_TEMPLATES,
    "TemplateStr": _NO_TEMPLATES,
    "TryStar": "except* is not available; catch the exceptions one by one with except",
    "TypeAlias": "the type statement is not available; assign the type to a name",
}

#: Nodes that no text compiles to as a module, and those that ``policy`` never visits: the statement that
#: holds them is judged as a whole.
UNREACHABLE: Final = frozenset(
    """
    Interactive Expression FunctionType TypeIgnore Param AugLoad AugStore Suite Index ExtSlice alias
    ParamSpec TypeVar TypeVarTuple
    """.split()
)
