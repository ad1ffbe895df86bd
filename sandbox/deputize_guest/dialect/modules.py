"""The published modules: which names of each a script gets, and the facades that hold them.

A name is on the list when neither it nor anything that can be read through it leads out of the script:
no module, no frame, no function that reads attributes, files or the interpreter's state for its caller.
``reach`` looks, and a test asks it about every name here. Where Python's own make of a module does not
pass, ``remade`` has another.
"""

import importlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from deputize_guest import api
from deputize_guest.dialect import kinds
from deputize_guest.dialect.facade import Facade, public_names
from deputize_guest.dialect.importable import API
from deputize_guest.dialect.reach import ways_out
from deputize_guest.dialect.remade import (
    collections_module,
    copy_module,
    dataclass_module,
    email_module,
    enum_module,
    functools_module,
    random_module,
    statistics_module,
    time_module,
    typing_module,
    xml_module,
)
from deputize_guest.dialect.renamed import renamed

#: Modules whose names are taken from the standard module as they are. A name that the running Python lacks is
#: left out: ``math.sumprod`` came with 3.12.
PLAIN: Final[Mapping[str, str]] = {
    "__future__": "annotations",
    "abc": "ABC abstractmethod",
    "base64": """
        a85decode a85encode b16decode b16encode b32decode b32encode b32hexdecode b32hexencode b64decode
        b64encode b85decode b85encode decodebytes encodebytes standard_b64decode standard_b64encode
        urlsafe_b64decode urlsafe_b64encode
    """,
    "binascii": """
        Error Incomplete a2b_base64 a2b_hex a2b_qp a2b_uu b2a_base64 b2a_hex b2a_qp b2a_uu crc32 crc_hqx
        hexlify unhexlify
    """,
    "bisect": "bisect bisect_left bisect_right insort insort_left insort_right",
    "contextlib": "ExitStack closing contextmanager nullcontext suppress",
    "csv": """
        Dialect DictReader DictWriter Error QUOTE_ALL QUOTE_MINIMAL QUOTE_NONE QUOTE_NONNUMERIC
        QUOTE_NOTNULL QUOTE_STRINGS Sniffer excel excel_tab get_dialect list_dialects reader
        register_dialect unix_dialect unregister_dialect writer
    """,
    "decimal": """
        BasicContext Clamped Context ConversionSyntax Decimal DecimalException DivisionByZero
        DivisionImpossible DivisionUndefined ExtendedContext FloatOperation Inexact InvalidContext
        InvalidOperation MAX_EMAX MAX_PREC MIN_EMIN MIN_ETINY Overflow ROUND_05UP ROUND_CEILING ROUND_DOWN
        ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP Rounded Subnormal Underflow
        getcontext localcontext setcontext
    """,
    "difflib": """
        Differ HtmlDiff IS_CHARACTER_JUNK IS_LINE_JUNK Match SequenceMatcher context_diff get_close_matches
        ndiff restore unified_diff
    """,
    "fractions": "Fraction",
    "hashlib": """
        algorithms_guaranteed blake2b blake2s md5 new pbkdf2_hmac scrypt sha1 sha224 sha256 sha384 sha3_224
        sha3_256 sha3_384 sha3_512 sha512 shake_128 shake_256
    """,
    "heapq": "heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest",
    "hmac": "HMAC compare_digest digest new",
    "html": "escape unescape",
    "io": "BytesIO SEEK_CUR SEEK_END SEEK_SET StringIO UnsupportedOperation",
    "itertools": """
        accumulate batched chain combinations combinations_with_replacement compress count cycle dropwhile
        filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest
    """,
    "json": "JSONDecodeError JSONDecoder JSONEncoder dump dumps load loads",
    "math": """
        acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp
        exp2 expm1 fabs factorial floor fma fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan
        isqrt lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder
        sin sinh sqrt sumprod tan tanh tau trunc ulp
    """,
    "re": """
        A ASCII DOTALL I IGNORECASE L LOCALE M MULTILINE Match NOFLAG Pattern PatternError S U
        UNICODE VERBOSE X compile error escape findall finditer fullmatch match search split sub subn
    """,
    "string": """
        Template ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable
        punctuation whitespace
    """,
    "textwrap": "TextWrapper dedent fill indent shorten wrap",
    "unicodedata": """
        bidirectional category combining decimal decomposition digit east_asian_width is_normalized lookup
        mirrored name normalize numeric
    """,
    "urllib.parse": """
        ParseResult SplitResult parse_qs parse_qsl quote quote_from_bytes quote_plus unquote unquote_plus
        unquote_to_bytes urldefrag urlencode urljoin urlparse urlsplit urlunparse urlunsplit
    """,
}

_REMADE: Final = (
    collections_module,
    copy_module,
    dataclass_module,
    email_module,
    enum_module,
    functools_module,
    random_module,
    statistics_module,
    time_module,
    typing_module,
    xml_module,
)

#: Classes that hold data, whose instances answer ``type``.
_DATA: Final = """
    datetime.date datetime.datetime datetime.time datetime.timedelta datetime.timezone decimal.Decimal
    fractions.Fraction uuid.UUID zoneinfo.ZoneInfo
"""


class UnsafeModule(ValueError):
    """A module that an application would give its scripts leads out of them."""

    def __init__(self, module: str, ways: list[str]) -> None:
        super().__init__(
            f'the module "{module}" cannot be given to scripts: what they must not hold can be read as '
            f"{', '.join(ways[:5])}. Name other functions, or wrap them."
        )


def build(added: Mapping[str, Iterable[str]] = MappingProxyType({})) -> dict[str, Facade]:
    """Return every facade by its full name, and those of the packages that hold them.

    *added* are modules that an application gives its scripts, with the names that are safe. Raises
    UnsafeModule for one that is not, ImportError or AttributeError for one that is not there.
    """
    members: dict[str, dict[str, Any]] = {name: _taken(name, names.split()) for name, names in PLAIN.items()}
    for module in _REMADE:
        members |= {name: renamed(remade) for name, remade in module.MEMBERS.items()}
    members[API] = {name: getattr(api, name) for name in api.__all__}
    members |= {name: _added(name, names) for name, names in added.items()}
    facades: dict[str, Facade] = {}
    # The longest first, so that a package finds its modules.
    for name in sorted({*members, *_packages(members)}, key=lambda each: -each.count(".")):
        inner = {
            key.rpartition(".")[2]: value for key, value in facades.items() if key.rpartition(".")[0] == name
        }
        facades[name] = Facade(name, {**members.get(name, {}), **inner})
    for name in _DATA.split():
        module_name, _, class_name = name.rpartition(".")
        kinds.know(vars(facades[module_name])[class_name])
    return facades


def published(facades: Mapping[str, Facade]) -> Mapping[str, frozenset[str]]:
    """Return the public names of each facade."""
    return MappingProxyType({name: public_names(facade) for name, facade in facades.items()})


def _taken(module: str, names: Iterable[str]) -> dict[str, Any]:
    standard = importlib.import_module(module)
    return {name: getattr(standard, name) for name in names if hasattr(standard, name)}


def _added(module: str, names: Iterable[str]) -> dict[str, Any]:
    standard = importlib.import_module(module)
    members = {name: getattr(standard, name) for name in names}
    for name, value in members.items():
        if ways := ways_out(value, f"{module}.{name}"):
            raise UnsafeModule(module, ways)
    return members


def _packages(members: Iterable[str]) -> set[str]:
    return {name[:dot] for name in members for dot, letter in enumerate(name) if letter == "."}
