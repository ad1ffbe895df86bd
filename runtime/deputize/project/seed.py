"""From a project's people, roles and events to the embedded platform's."""

from deputize.platform.embedded import EventSeed, PersonSeed, PlatformSeed, RoleSeed
from deputize.project.roles import roles_of
from deputize.project.sections.file import ProjectFile


def platform_seed(file: ProjectFile) -> PlatformSeed:
    """Return what the embedded platform begins with."""
    return PlatformSeed(
        people=tuple(
            PersonSeed(
                name=name,
                roles=user.roles,
                first_name=user.first_name,
                last_name=user.last_name,
                email=user.email,
                language=user.language,
                timezone=user.timezone,
                status=user.status,
            )
            for name, user in file.users.items()
        ),
        roles=tuple(
            RoleSeed(
                name=role.name,
                functions=tuple(sorted(role.functions)),
                on={target: sorted(rights) for target, rights in role.on.items()},
            )
            for role in roles_of(file)
        ),
        events=tuple(
            EventSeed(
                id=event.id,
                initiator=event.initiator,
                status=event.status,
                form=event.form.rpartition("/")[2],
                properties=dict(event.properties),
                recipients=event.recipients,
            )
            for event in file.events
        ),
    )
