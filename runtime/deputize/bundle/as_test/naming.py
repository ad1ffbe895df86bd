"""How a test names what its bundle has: by the names and ids of the project that the test is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from deputize.bundle.file import Bundle
from deputize.bundle.present import recorded_ids, script_of
from deputize.execution.recorder import PLATFORM
from deputize.project import Project
from deputize.project.source import find_script


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The names in a test."""

    #: What ``deputize_run`` is told to run.
    script: str
    #: Endpoints that several plans have by one name, each with its plan in front.
    endpoints: Mapping[str, str] = field(default_factory=dict)
    #: Ids of the project, by those of the bundle.
    ids: Mapping[str, str] = field(default_factory=dict)
    #: What the project lacks for the test to pass.
    lacking: tuple[str, ...] = ()

    def endpoint(self, name: str) -> str:
        """Return how the test names the endpoint *name*."""
        return self.endpoints.get(name, name)

    def path(self, path: str) -> str:
        """Return *path* with the project's ids in the places of the recorded ones."""
        return "/".join(self.ids.get(each, each) for each in path.split("/"))


def naming_for(bundle: Bundle, project: Project | None) -> Naming:
    """Return how a test of *bundle* in *project* names things; as they were recorded without a project."""
    own = bundle.run.name if bundle.run.integration_id is not None else bundle.script.path
    if project is None:
        return Naming(script=own)
    script = script_of(bundle, project) if _is_of_several(own, project) else own
    lacking = []
    if bundle.run.initiator.id not in project.file.users:
        lacking.append(f"who {bundle.run.initiator.id} is: nobody of the project has that name")
    if bundle.run.integration_id is not None and project.integration(script) is None:
        return Naming(
            script=script, lacking=(*lacking, f"what runs {script}: the project has no such integration")
        )
    source = find_script(script, project=project)
    plan = bundle.run.plan or source.plan
    return Naming(
        script=script,
        endpoints={
            name: f"{plan}/{name}"
            for name in bundle.head.endpoints
            if plan in project.file.plans and name != PLATFORM and _addresses(name, project) > 1
        },
        ids={recorded: now for now, recorded in recorded_ids(bundle, source).items()},
        lacking=tuple(lacking),
    )


def _is_of_several(name: str, project: Project) -> bool:
    return sum(each.name == name for each in project.integrations()) > 1


def _addresses(endpoint: str, project: Project) -> int:
    """Return how many different endpoints of *project* have that name."""
    file = project.file
    sections = [file.endpoints.get(endpoint), *(each.endpoints.get(endpoint) for each in file.plans.values())]
    return len({each.base_url for each in sections if each is not None})
