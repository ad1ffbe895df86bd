"""From a project's people, roles and events to the embedded platform's."""

from deputize.platform.embedded import EventSeed, PersonSeed, PlatformSeed, RoleSeed
from deputize.project.model import ProjectFile


def platform_seed(file: ProjectFile) -> PlatformSeed:
    """Return what the embedded platform begins with."""
    return PlatformSeed(
        people=tuple(
            PersonSeed(
                name=name,
                roles=user.roles,
                first_name=user.first_name,
                last_name=user.last_name,
                status=user.status,
            )
            for name, user in file.users.items()
        ),
        roles=tuple(
            RoleSeed(name=name, functions=role.functions, on=dict(role.on))
            for name, role in file.roles.items()
        ),
        events=tuple(
            EventSeed(
                id=event.id, initiator=event.initiator, status=event.status, properties=dict(event.properties)
            )
            for event in file.events
        ),
    )
