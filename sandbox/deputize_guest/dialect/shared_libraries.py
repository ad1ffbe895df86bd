"""Compiles a script together with the shared libraries that it imports, and those that they import."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from deputize_guest.dialect.code_files import SCRIPT_FILE, library_code_file
from deputize_guest.dialect.compile_script import Compiled, Rejected, compile_script
from deputize_guest.dialect.diagnostics import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A script that may run, and the code of each library that it needs."""

    script: Compiled
    libraries: Mapping[str, bytes]


def compile_program(
    source: str,
    *,
    modules: Mapping[str, Collection[str]],
    shared: Mapping[str, str],
    more: Collection[str] = (),
) -> Program | Rejected:
    """Compile *source* and whatever of *shared*, which holds sources by name, it needs.

    *more* are built-in names beside those that every script has.
    """
    script = compile_script(source, SCRIPT_FILE, modules=modules, shared=shared, more=more)
    libraries = _Libraries(modules, shared, more)
    for name in script.shared:
        libraries.compile(name, ())
    problems = [*(script.problems if isinstance(script, Rejected) else ()), *libraries.problems]
    if isinstance(script, Rejected) or problems:
        return Rejected(tuple(problems), script.shared)
    return Program(script=script, libraries=libraries.codes)


@dataclass(slots=True)
class _Libraries:
    modules: Mapping[str, Collection[str]]
    sources: Mapping[str, str]
    more: Collection[str]
    codes: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def compile(self, name: str, above: tuple[str, ...]) -> None:
        """Compile library *name*, which the libraries *above* import one through the other."""
        if name in above:
            circle = " imports ".join((*above[above.index(name) :], name))
            self.problems.append(
                Problem(1, 1, "SHARED_CYCLE", f"shared libraries import each other: {circle}", above[-1])
            )
        if name in self.seen:
            return
        self.seen.add(name)
        compiled = compile_script(
            self.sources[name],
            library_code_file(name),
            modules=self.modules,
            shared=self.sources,
            library=True,
            more=self.more,
        )
        if isinstance(compiled, Rejected):
            self.problems += [replace(each, library=name) for each in compiled.problems]
        else:
            self.codes[name] = compiled.code
        for each in compiled.shared:
            self.compile(each, (*above, name))
