"""What is to be run, for whom, and with what: everything of one run that the engine does not have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from deputize.domain.event import Chain
from deputize.domain.limits import Limits
from deputize.domain.principal import Principal
from deputize.domain.start import Start
from deputize.execution.observer import Observer
from deputize.execution.past import Past
from deputize_client import Endpoint, GuardedSecret
from deputize_sandbox import CompiledScript


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTarget:
    """The form that a script may post."""

    plan_id: str
    form_id: str
    name: str

    @property
    def path(self) -> str:
        """Where the platform takes it, below the platform's base URL."""
        plan, form = (quote(each, safe="") for each in (self.plan_id, self.form_id))
        return f"/api/xm/1/plans/{plan}/forms/{form}/triggers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One run. What it names is read when it begins; permissions are judged at every call."""

    run_id: str
    #: The integration's name, or the script's.
    name: str
    script: CompiledScript
    start: Start
    principal: Principal
    limits: Limits
    #: The plan's endpoints by name, without the platform, which every run has.
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    #: Names of endpoints that stand-ins serve.
    stand_ins: frozenset[str] = frozenset()
    constants: Mapping[str, str] = field(default_factory=dict)
    #: What the script may name, by name; it never sees a value.
    secrets: Mapping[str, GuardedSecret] = field(default_factory=dict)
    #: None where there is nothing to post.
    form: FormTarget | None = None
    #: Empty for a script that belongs to no integration.
    integration_id: str = ""
    #: The integrations that led to this run, the first one first, its own last.
    chain: Chain = ()
    #: The run that it is a live replay of, and the name of who asked for it.
    replay_of: str | None = None
    replayed_by: str | None = None
    #: The run that is tried again by this one, and the how manieth try it is.
    retry_of: str | None = None
    tries: int = 1
    #: None: a new one.
    trace_id: str | None = None
    #: Told of each call; None: nobody looks on.
    observer: Observer | None = None
    #: What chance in the script depends on; None: a new one.
    seed: str | None = None
    #: What earlier attempts have left, for this one to go on from.
    past: Past | None = None
