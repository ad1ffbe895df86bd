"""``xml.etree.ElementTree`` and ``xml.sax.saxutils``: parsing and writing, without entities and files.

Elements are Python's own, with its XPath and namespaces. The parser is fed by hand, because Python's lets
no one refuse the declaration of an entity, which may grow without bound or name a file.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import IO, Any, Final, NoReturn
from xml.etree import ElementTree as ET
from xml.parsers import expat

_SEPARATOR: Final = "}"
#: Among expat's codes, that of an entity that cannot be had.
_NOT_AVAILABLE: Final = 11


class ElementTree:
    """A document with its root element."""

    __slots__ = ("_root",)

    def __init__(self, element: ET.Element) -> None:
        self._root = element

    def getroot(self) -> ET.Element:
        """Return the root element."""
        return self._root

    def iter(self, tag: str | None = None) -> Iterator[ET.Element]:
        """Yield all elements, or those named *tag*."""
        return self._root.iter(tag)

    def find(self, path: str, namespaces: Mapping[str, str] | None = None) -> ET.Element | None:
        """Return the first element that *path* leads to."""
        return self._root.find(_from_root(path), _plain(namespaces))

    def findall(self, path: str, namespaces: Mapping[str, str] | None = None) -> list[ET.Element]:
        """Return the elements that *path* leads to."""
        return self._root.findall(_from_root(path), _plain(namespaces))

    def findtext(
        self, path: str, default: str | None = None, namespaces: Mapping[str, str] | None = None
    ) -> str | None:
        """Return the text of the first element that *path* leads to, or *default*."""
        return self._root.findtext(_from_root(path), default, _plain(namespaces))

    def write(self, file: IO[Any], encoding: str = "us-ascii", **options: Any) -> None:
        """Write the document into a buffer of ``io``."""
        file.write(ET.tostring(self._root, encoding, **options))


def fromstring(text: str | bytes) -> ET.Element:
    """Parse *text* and return its root element. Raises ParseError."""
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate(None, _SEPARATOR)
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartElementHandler = lambda tag, pairs: _start(builder, tag, pairs)
    parser.EndElementHandler = lambda tag: builder.end(_universal(tag))
    parser.CharacterDataHandler = builder.data

    def refuse(*entity: Any) -> NoReturn:
        position = parser.CurrentLineNumber, parser.CurrentColumnNumber
        raise _parse_error("a document's own entities are not available", _NOT_AVAILABLE, position)

    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.SkippedEntityHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise _parse_error(str(error), error.code, (error.lineno, error.offset)) from None
    root: ET.Element = builder.close()
    return root


def parse(source: IO[Any]) -> ElementTree:
    """Parse what a buffer of ``io`` holds. Raises ParseError."""
    if not hasattr(source, "read"):
        raise TypeError("a script has no files; parse a text with fromstring")
    return ElementTree(fromstring(source.read()))


def escape(data: str, entities: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return *data* fit to stand in a document."""
    for plain, escaped in {"&": "&amp;", ">": "&gt;", "<": "&lt;", **entities}.items():
        data = data.replace(plain, escaped)
    return data


def unescape(data: str, entities: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return *data* as it was before ``escape``."""
    for escaped, plain in {"&gt;": ">", "&lt;": "<", **entities, "&amp;": "&"}.items():
        data = data.replace(escaped, plain)
    return data


def quoteattr(data: str, entities: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return *data* in quotes, fit to be the value of an attribute."""
    data = escape(data, {**entities, "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    if '"' not in data:
        return f'"{data}"'
    if "'" not in data:
        return f"'{data}'"
    escaped = data.replace('"', "&quot;")
    return f'"{escaped}"'


def _start(builder: ET.TreeBuilder, tag: str, pairs: list[str]) -> None:
    names, values = pairs[::2], pairs[1::2]
    builder.start(
        _universal(tag), {_universal(name): value for name, value in zip(names, values, strict=True)}
    )


def _universal(name: str) -> str:
    return f"{{{name}" if _SEPARATOR in name else name


def _parse_error(message: str, code: int, position: tuple[int, int]) -> ET.ParseError:
    error = ET.ParseError(message)
    error.code = code
    error.position = position
    return error


def _from_root(path: str) -> str:
    return f".{path}" if path.startswith("/") else path


def _plain(namespaces: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if namespaces is None else dict(namespaces)


_AS_THEY_ARE: Final = """
    Comment Element PI ParseError ProcessingInstruction QName SubElement indent iselement register_namespace
    tostring tostringlist
"""

MEMBERS: Final = {
    "xml.etree.ElementTree": {
        **{name: getattr(ET, name) for name in _AS_THEY_ARE.split()},
        "ElementTree": ElementTree,
        "XML": fromstring,
        "fromstring": fromstring,
        "parse": parse,
    },
    "xml.sax.saxutils": {"escape": escape, "quoteattr": quoteattr, "unescape": unescape},
}
