"""What every request should be answered, and as whom it should run: the rules, as the documents have them.

Written from the threat model (F1–F4, C-*, B-01–B-06) and the facts of the domain (§2, §3), not from the
code: credentials are kept as they are presented, and every question is asked of the present state.
"""

from dataclasses import dataclass, field, replace

from identity_credentials import Basic, Bearer, Signed, UrlKey, looked_at

#: Seconds for which the credential of a run is good.
TOKEN_SECONDS = 900
#: Integrations that may set each other off, one after the other.
LONGEST_CHAIN = 5
#: Signing secrets of one integration that may live at a time.
MOST_SIGNING_SECRETS = 4


@dataclass(frozen=True)
class Access:
    """Who is let in: everybody, or holders of roles and single users, by their ids."""

    everybody: bool = False
    roles: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()

    def admits(self, user):
        return self.everybody or user.id in self.users or bool(self.roles & user.roles)


@dataclass
class User:
    id: str
    name: str
    roles: frozenset[str] = frozenset()
    active: bool = True
    password: str | None = None
    expires: int | None = None


@dataclass
class Terms:
    """How the legacy integrations of a plan go on: open where there is no *pair*; calls are *owner*'s."""

    owner: str | None
    pair: Basic | None = None


@dataclass
class Plan:
    name: str
    access: Access
    enabled: bool = True
    terms: Terms | None = None


@dataclass
class Form:
    id: str
    plan: str
    name: str
    senders: Access


@dataclass
class Integration:
    id: str
    plan: str
    action: str | None = None
    callback: str | None = None
    form: str | None = None
    method: str | None = None
    enabled: bool = True
    legacy: bool = False


@dataclass
class Key:
    id: str
    #: The method that it is for: "url", "api-key" or "signature".
    method: str
    integration: str
    user: str
    #: The public half of an API key.
    name: str | None
    secret: str
    ends: int | None = None

    @property
    def presented(self):
        match self.method:
            case "url":
                return UrlKey(self.secret)
            case "signature":
                return Signed(self.secret)
        return Basic(self.name, self.secret)


@dataclass
class Token:
    text: str
    run: str
    expires: int


@dataclass(frozen=True, order=True)
class Run:
    """What is recorded of a run: whose it is above all. One that is DENIED has an entry and no guest."""

    integration: str
    trigger: str
    state: str
    #: The initiator: the id of the account, its name, and how it was established.
    user: str
    name: str
    via: str
    #: The integrations that led to it, itself included; not looked at where it is DENIED.
    chain: tuple[str, ...] = ()
    #: The kinds of its entries.
    entries: tuple[str, ...] = ()


@dataclass
class Event:
    number: str
    #: Who initiated it.
    user: str
    name: str
    via: str
    form: str
    chain: tuple[str, ...]
    #: The ids of those to whom it was sent.
    told: frozenset[str]
    status: str = "ACTIVE"


@dataclass(frozen=True)
class Answer:
    """Status and code of an answer, and the run that is there afterwards."""

    status: int
    code: str | None = None
    run: Run | None = None


@dataclass(frozen=True)
class Caller:
    """Whose a credential is."""

    user: User
    via: str
    #: Where it is good for anything.
    methods: frozenset[str]
    chain: tuple[str, ...] = ()
    expired: bool = False


@dataclass
class Model:
    now: int = 0
    #: Functions by role.
    roles: dict[str, frozenset[str]] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    integrations: dict[str, Integration] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    tokens: dict[str, Token] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)

    def named(self, name):
        return next((each for each in self.users.values() if each.name == name), None)

    def active(self, user_id):
        """Return the user of that id while anything may be done in their name (C-24)."""
        user = self.users.get(user_id)
        return user if user is not None and user.active else None

    def has(self, user, function):
        return any(function in self.roles[role] for role in user.roles)

    # Who calls

    def live(self, key):
        """Whether *key* opens anything: it ends when it is revoked or rotated, and with its user."""
        return (key.ends is None or key.ends > self.now) and self.active(key.user) is not None

    def user_of(self, name, password):
        """Return whose *name* and *password* they are now, expired or not."""
        user = self.named(name)
        return user if user is not None and user.active and user.password == password else None

    def signed_in(self, name, password):
        """Return whose *name* and *password* open the platform's own API."""
        user = self.user_of(name, password)
        return user if user is not None and not self.expired(user) else None

    def expired(self, user):
        return user.expires is not None and user.expires <= self.now

    def token_holder(self, text):
        """Return whose run *text* was issued for, while that run goes on."""
        token = self.tokens.get(text)
        if token is None or token.run in self.ended or token.expires <= self.now:
            return None
        return self.active(self.runs[token.run].user)

    def caller(self, where, credential):
        """Return who presents *credential* to the integration *where*; None for nobody (C-01, C-02, C-08)."""
        match credential:
            case Bearer(token):
                user = self.token_holder(token)
                if user is None:
                    return None
                run = self.runs[self.tokens[token].run]
                via = "legacy" if run.via == "legacy" else "run-token"
                return Caller(user, via, frozenset({"basic", "oauth"}), run.chain)
            case Basic(name, password) if user := self.user_of(name, password):
                return Caller(user, "basic", frozenset({"basic"}), expired=self.expired(user))
        for key in self.keys:
            if key.presented == credential and key.integration == where and self.live(key):
                via = "url-key" if key.method == "url" else key.method
                return Caller(self.users[key.user], via, frozenset({key.method}))
        return None

    # What may be done

    def uses(self, user, plan_name):
        plan = self.plans[plan_name]
        return plan.enabled and plan.access.admits(user)

    def sends(self, user, form_id):
        """Whether *user* may send a form: access to its plan and sender permission (C-26, C-27)."""
        form = self.forms.get(form_id)
        return form is not None and self.uses(user, form.plan) and form.senders.admits(user)

    def triggers(self, user, integration):
        if integration.action == "RUN_SCRIPT":
            return self.uses(user, integration.plan)
        return self.sends(user, integration.form)

    def answer(self, where, credentials):
        """Return how a request with *credentials* to the integration *where* is answered."""
        credentials = looked_at(credentials)
        terms = self.terms_of(where)
        if terms is not None and (terms.pair is None or list(credentials) == [terms.pair]):
            return self.legacy_answer(where, terms, credentials)
        refusal = self.refusal(where, credentials)
        if refusal is not None:
            return refusal
        caller = self.caller(where, credentials[0])
        run = self.run_of(where, "inbound", caller.user, caller.via, caller.chain)
        if not self.triggers(caller.user, self.integrations[where]):
            return Answer(403, "NOT_PERMITTED", denied(run))
        if run.state == "DENIED":
            return Answer(403, "CHAIN_CYCLE" if where in caller.chain else "CHAIN_TOO_DEEP", run)
        return Answer(202, None, run)

    def terms_of(self, where):
        """Return the terms on which an integration goes on; None for one that is not legacy (C-16)."""
        integration = self.integrations.get(where)
        return self.plans[integration.plan].terms if integration is not None and integration.legacy else None

    def legacy_answer(self, where, terms, credentials):
        """Return the answer to whoever *terms* let in: as the owner, judged by no plan and form (C-15, C-17)."""
        integration = self.integrations[where]
        if not integration.enabled:
            # Whom nobody knows is not told that there is one.
            return Answer(404, "NOT_FOUND") if terms.pair else Answer(401, "UNAUTHENTICATED")
        owner = self.users.get(terms.owner) or User("", "(no owner)")
        run = self.run_of(where, "inbound", owner, "legacy", self.chain_of(credentials))
        if not self.plans[integration.plan].enabled:
            return Answer(403, "NOT_PERMITTED", denied(run))
        if run.state == "DENIED":
            return Answer(
                403, "CHAIN_CYCLE" if where in self.chain_of(credentials) else "CHAIN_TOO_DEEP", run
            )
        return Answer(202, None, run)

    def chain_of(self, credentials):
        """Return what led to a call that asks for no credential: a script's own token tells."""
        match credentials:
            case [Bearer(token)] if self.token_holder(token) is not None:
                return self.runs[self.tokens[token].run].chain
        return ()

    def refusal(self, where, credentials):
        """Return the answer to those who are not authenticated, or ask for what is not there, if it is one.

        Who has not proved who they are learns nothing of what there is (C-08, C-09).
        """
        if len(credentials) > 1:
            return Answer(400, "CREDENTIALS_AMBIGUOUS")
        caller = self.caller(where, credentials[0]) if credentials else None
        if caller is None or (self.terms_of(where) and isinstance(credentials[0], Basic)):
            # At a legacy integration people's own passwords are not asked for, expired or not (C-16).
            return Answer(401, "UNAUTHENTICATED")
        if caller.expired:
            return Answer(401, "PASSWORD_EXPIRED")
        integration = self.integrations.get(where)
        inbound = integration is not None and integration.action is not None
        if inbound and integration.method not in caller.methods:
            return Answer(401, "UNAUTHENTICATED")
        if not (inbound and integration.enabled):
            return Answer(404, "NOT_FOUND")
        return None

    def run_of(self, where, trigger, user, via, chain):
        """Return the run of an integration that *chain* led to, as *user* (F1, B-03)."""
        run = Run(where, trigger, "QUEUED", user.id, user.name, via, (*chain, where))
        return denied(run) if where in chain or len(chain) >= LONGEST_CHAIN else run

    # Events

    def set_off(self, event, kind, chain):
        """Return the runs that a change of *event* sets off, whoever made it: all of its initiator (B-02)."""
        initiator = User(event.user, event.name)
        return [
            self.run_of(each.id, kind, initiator, event.via, chain)
            for each in self.integrations.values()
            if each.callback == kind and each.form == event.form
            if each.enabled and self.plans[each.plan].enabled
        ]

    def told(self, sender, names):
        """Return the ids of those to whom *sender* may send something. Every role may use everybody."""
        users = [self.named(name) for name in names]
        return frozenset(
            each.id for each in users if each and each.active and (sender.roles or sender == each)
        )

    # Keys

    def issues(self, actor, integration, holder):
        """Whether *actor*, None for the operator, gets a key for *holder* (A-06)."""
        if integration.method not in ("url", "api-key", "signature") or not holder.active:
            return False
        if integration.method == "signature":
            if len(self.signing_secrets(integration.id)) >= MOST_SIGNING_SECRETS:
                return False
        elif any(
            (key.integration, key.user, key.method, key.ends)
            == (integration.id, holder.id, integration.method, None)
            for key in self.keys
        ):
            return False
        if actor is holder:
            return self.signs_in(actor) and self.uses(actor, integration.plan)
        return self.manages(actor, holder.id)

    def rotates(self, actor, key, overlap):
        same_method = self.integrations[key.integration].method == key.method
        others = [each for each in self.signing_secrets(key.integration) if overlap or each is not key]
        too_many = key.method == "signature" and len(others) >= MOST_SIGNING_SECRETS
        return self.revokes(actor, key) and key.ends is None and same_method and not too_many

    def signing_secrets(self, where):
        """Return those of an integration that have not ended, also of users who are disabled."""
        return [
            key
            for key in self.keys
            if (key.integration, key.method) == (where, "signature")
            if key.user in self.users and (key.ends is None or key.ends > self.now)
        ]

    def revokes(self, actor, key):
        return key.user in self.users and self.manages(actor, key.user)

    def manages(self, actor, holder_id):
        if actor is None:
            return True
        own = actor.id == holder_id
        return self.signs_in(actor) and (own or self.has(actor, "issue-keys-for-others"))

    def signs_in(self, user):
        return user.active and self.has(user, "login")


def denied(run):
    return replace(run, state="DENIED", chain=(), entries=("run.denied",))
