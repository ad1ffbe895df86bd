"""The roles of a project: those that it defines, and the built-in ones that it names."""

from collections.abc import Iterator

from deputize.domain.person import EVERYBODY, Role
from deputize.project.default_roles import DEFAULT_ROLES
from deputize.project.sections.file import ProjectFile
from deputize.project.sections.plans import AccessSection


def roles_of(file: ProjectFile) -> list[Role]:
    """Return every role that *file* defines or names, by name.

    A built-in role that nothing names is left out: who could pass a refusal is told by role, and should
    not be told of roles that nobody here has heard of.
    """
    return [_role(file, name) for name in sorted({*file.roles, *_named(file)})]


def _role(file: ProjectFile, name: str) -> Role:
    built_in = DEFAULT_ROLES.get(name, Role(name=name))
    section = file.roles.get(name)
    if section is None:
        return built_in
    return Role(
        name=name,
        functions=built_in.functions if section.functions is None else frozenset(section.functions),
        on=built_in.on
        if section.on is None
        else {target: frozenset(rights) for target, rights in section.on.items()},
    )


def _named(file: ProjectFile) -> Iterator[str]:
    for user in file.users.values():
        yield from user.roles
    for role in file.roles.values():
        yield from (target for target in role.on or () if target != EVERYBODY)
    for plan in file.plans.values():
        for access in (plan.access, *(form.senders for form in plan.forms.values())):
            if isinstance(access, AccessSection):
                yield from access.roles
