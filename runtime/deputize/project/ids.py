"""Ids of what a project file declares: they follow from the names, the same at every start."""

from uuid import NAMESPACE_URL, uuid5


def plan_id(plan: str) -> str:
    """Return the id of the plan *plan*."""
    return _id("plan", plan)


def form_id(plan: str, form: str) -> str:
    """Return the id of the form *form* of *plan*."""
    return _id("form", plan, form)


def integration_id(plan: str, integration: str) -> str:
    """Return the id of the integration *integration* of *plan*."""
    return _id("integration", plan, integration)


def library_id(plan: str, library: str) -> str:
    """Return the id of the shared library *library* of *plan*."""
    return _id("library", plan, library)


def _id(kind: str, *names: str) -> str:
    # A name may hold a slash; its length keeps "a/b" + "c" apart from "a" + "b/c".
    return str(uuid5(NAMESPACE_URL, f"deputize:{kind}:" + "".join(f"{len(name)}:{name}" for name in names)))
