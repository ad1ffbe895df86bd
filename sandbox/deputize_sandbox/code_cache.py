"""Compiled scripts, kept by what made them."""

from collections import OrderedDict
from typing import Final, TypeAlias

from deputize_sandbox.script import CompiledScript, Rejected

#: Hash of the source, name of the file, edition of interpreter and rules, hashes of the libraries by name.
Key: TypeAlias = tuple[str, str, str, tuple[tuple[str, str], ...]]

#: The source and code of all kept scripts take at most about so many bytes.
_BYTES: Final = 64 * 1024 * 1024
#: What an entry costs besides.
_ENTRY: Final = 2048


class CodeCache:
    """Forgets the least recently used beyond its size. A rejection is kept as well."""

    def __init__(self, size: int = _BYTES) -> None:
        self._size = size
        self._held = 0
        self._kept: OrderedDict[Key, CompiledScript | Rejected] = OrderedDict()

    def get(self, key: Key) -> CompiledScript | Rejected | None:
        """Return what is kept under *key*."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, compiled: CompiledScript | Rejected) -> None:
        """Keep *compiled*."""
        replaced = self._kept.pop(key, None)
        if replaced is not None:
            self._held -= _weight(replaced)
        self._kept[key] = compiled
        self._held += _weight(compiled)
        while self._held > self._size and len(self._kept) > 1:
            self._held -= _weight(self._kept.popitem(last=False)[1])


def _weight(compiled: CompiledScript | Rejected) -> int:
    match compiled:
        case CompiledScript(source=source, code=code, libraries=libraries, shared=shared):
            beside = sum(len(each) for each in (*libraries.values(), *shared.values()))
            return _ENTRY + len(source) + len(code) + beside
        case Rejected(diagnostics=diagnostics):
            return _ENTRY + sum(len(each.message) for each in diagnostics)
