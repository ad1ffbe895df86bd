"""The half of the state machine that changes who may do what, and looks what it means for those concerned."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from identity_credentials import Basic, Bearer
from identity_deployment import AUTHOR, deployment_on
from identity_model import TOKEN_SECONDS, Access, Answer, Form, Integration, Key, Model, Plan, Terms, User

ROLES = {
    "Sender": frozenset(),
    "Member": frozenset({"login"}),
    "Issuer": frozenset({"login", "issue-keys-for-others"}),
}
NAMES = ("rob", "dana", AUTHOR, "eve")
PASSWORDS = ("correct horse", "battery staple", "long enough")
METHODS = ("url", "basic", "api-key", "oauth", "signature")
ACTIONS = ("CREATE_EVENT_SIMPLE", "CREATE_EVENT", "RUN_SCRIPT")
INBOUND = (
    Integration("raise", "incidents", action="CREATE_EVENT", form="f-alert", method="api-key"),
    Integration("tell", "incidents", action="CREATE_EVENT_SIMPLE", form="f-alert", method="basic"),
    Integration("sync", "incidents", action="RUN_SCRIPT", method="url"),
    Integration("chained", "incidents", action="RUN_SCRIPT", method="basic"),
    Integration("pay", "payroll", action="CREATE_EVENT", form="f-pay", method="url"),
    Integration("report", "payroll", action="RUN_SCRIPT", method="api-key"),
    Integration("hook", "incidents", action="CREATE_EVENT", form="f-alert", method="signature"),
    Integration("unchosen", "payroll", action="RUN_SCRIPT"),
    Integration("old", "incidents", action="CREATE_EVENT", form="f-alert", legacy=True),
    Integration("older", "incidents", action="RUN_SCRIPT", legacy=True),
    Integration("oldest", "payroll", action="RUN_SCRIPT", legacy=True),
)
#: Those that were legacy in the beginning, whatever they are now.
OLD = tuple(each.id for each in INBOUND if each.legacy)
#: What opens the legacy integrations of one of the plans; the other's are open.
FIRST_PAIR = Basic("reapi", "the pair's password")
OUTBOUND = (
    Integration("on-status", "incidents", callback="STATUS", form="f-alert"),
    Integration("on-response", "incidents", callback="RESPONSE", form="f-alert"),
    Integration("on-comment", "incidents", callback="ANNOTATION", form="f-alert"),
    Integration("on-pay-status", "payroll", callback="STATUS", form="f-pay"),
)
#: By user, with the seconds for which they are good.
FIRST_PASSWORDS = (
    ("rob", "correct horse", None),
    ("dana", "correct horse", TOKEN_SECONDS),
    (AUTHOR, "battery staple", None),
)
#: By integration and holder.
FIRST_KEYS = (
    *(("raise", "rob"), ("raise", "dana"), ("sync", "rob"), ("pay", "dana"), ("report", AUTHOR)),
    *(("hook", "rob"), ("hook", "dana")),
)


def beginning():
    """Return the state that a machine begins with; nobody has a key or a password yet."""
    sender, member, issuer = ROLES
    return Model(
        roles=dict(ROLES),
        users={
            f"id of {name}": User(f"id of {name}", name, frozenset(roles))
            for name, roles in (("rob", {sender}), ("dana", {sender, issuer}), (AUTHOR, {member}))
        },
        plans={
            "incidents": Plan(
                "incidents",
                Access(roles=frozenset({sender}), users=frozenset({f"id of {AUTHOR}"})),
                terms=Terms("id of dana", FIRST_PAIR),
            ),
            "payroll": Plan("payroll", Access(everybody=True), terms=Terms("id of rob")),
        },
        forms={
            "f-alert": Form("f-alert", "incidents", "alert", Access(roles=frozenset({sender}))),
            "f-pay": Form("f-pay", "payroll", "pay", Access(users=frozenset({"id of dana"}))),
        },
        integrations={each.id: Integration(**vars(each)) for each in (*INBOUND, *OUTBOUND)},
    )


def among(things):
    """Draw from what the model has; ``there_are`` things."""
    return st.runner().flatmap(lambda machine: st.sampled_from(list(things(machine.model))))


def there_are(things):
    return precondition(lambda machine: bool(things(machine.model)))


def some(things):
    return st.lists(st.sampled_from(things), unique=True, max_size=2) if things else st.just([])


def users(model):
    return list(model.users.values())


def absent(model):
    return [name for name in NAMES if model.named(name) is None]


def with_password(model):
    return [each for each in users(model) if each.password is not None]


def chosen(model):
    """Return the integrations that are not locked until a method is chosen."""
    return [each for each in model.integrations.values() if each.callback or each.method]


def started(model):
    return [run_id for run_id, run in model.runs.items() if run.state == "QUEUED"]


def texts(model):
    """Return everything that has ever been part of a credential, or could be."""
    keys = [text for key in model.keys for text in (key.name, key.secret) if text is not None]
    return [*NAMES, *PASSWORDS, *keys, *model.tokens]


USERS = among(users)
#: None is the operator.
ACTORS = st.runner().flatmap(lambda machine: st.sampled_from([None, *users(machine.model)]))
FORMS = among(lambda model: model.forms.values())
KEYS = among(lambda model: model.keys)
INBOUND_IDS = st.sampled_from([each.id for each in INBOUND])
MOSTLY = st.sampled_from([True, True, False])
#: Whether everybody is let in, and if not, which roles and users.
ADMITTED = st.runner().flatmap(
    lambda machine: st.tuples(
        st.booleans(),
        some(list(ROLES)),
        some([each.name for each in users(machine.model)]),
    )
)


class ChangingDeployment(RuleBasedStateMachine):
    """Changes a deployment and the model alike; acts that must be refused are refused by both."""

    #: Given by the test: the loop, the database, and the clock of both.
    loop = database = clock = None

    def __init__(self):
        super().__init__()
        self._opened = deployment_on(self.database, self.clock)
        self.product = self.loop.run(self._opened.__aenter__())
        self.model = beginning()
        self.do(self.product.begin(self.model))
        for name, password, lifetime in FIRST_PASSWORDS:
            self.password_is_set(None, self.model.named(name), password, lifetime)
        for where, name in FIRST_KEYS:
            self.key_is_issued(None, where, self.model.named(name))

    def teardown(self):
        self.loop.run(self._opened.__aexit__(None, None, None))

    def do(self, act):
        return self.loop.run(act)

    def compare_runs(self, *expected):
        """Check that exactly the *expected* runs have come, and that the queue was told of those to do."""
        found = self.do(self.product.runs_but(self.model.runs))
        assert sorted(found.values()) == sorted(expected)
        self.model.runs |= found
        assert sorted(self.product.submitted) == sorted(started(self.model))
        return found

    def call(self, *requests):
        """Send *requests*, each a place and its credentials; nothing else changes meanwhile."""
        expected, told = [], []
        for where, *credentials in requests:
            answer = self.model.answer(where, credentials)
            status, code, run_id = self.do(self.product.call(where, credentials))
            assert Answer(status, code) == Answer(answer.status, answer.code), (where, credentials)
            expected += [] if answer.run is None else [answer.run]
            told += [] if run_id is None else [run_id]
        assert sorted(self.compare_runs(*expected)) == sorted(told)

    def present(self, *, of=(), at=()):
        """Present, where they belong, the credentials of users and those that are for some integrations."""
        at, of_users = {each.id for each in at}, {each.id for each in of}
        people = {each.id: each for each in (*with_password(self.model), *of) if each.password is not None}
        tokens = {token: self.model.runs[each.run].user for token, each in self.model.tokens.items()}
        requests = [(key.user, key.integration, key.presented) for key in self.model.keys]
        for where in self.by_method("basic"):
            requests += [(each.id, where, Basic(each.name, each.password)) for each in people.values()]
        for where in self.by_method("basic", "oauth"):
            requests += [(user, where, Bearer(token)) for token, user in tokens.items()]
        for where in OLD:
            pair = self.model.plans[self.model.integrations[where].plan].terms.pair or FIRST_PAIR
            requests += [(None, where), (None, where, pair)]
        self.call(*(request for user, *request in requests if user in of_users or request[0] in at))

    def by_method(self, *methods):
        """Return the ids of the integrations that have one of *methods*."""
        return [each.id for each in self.model.integrations.values() if each.method in methods]

    # People and roles

    @there_are(absent)
    @rule(name=among(absent))
    def somebody_comes(self, name):
        user_id = self.do(self.product.create_user(name))
        assert user_id not in self.model.users
        self.model.users[user_id] = User(user_id, name)

    @there_are(users)
    @rule(user=USERS)
    def somebody_goes(self, user):
        self.do(self.product.delete_user(user.name))
        del self.model.users[user.id]
        self.present(of=[user])

    @there_are(users)
    @rule(user=USERS, roles=some(list(ROLES)))
    def somebody_goes_and_another_of_that_name_comes(self, user, roles):
        self.somebody_goes(user)
        self.somebody_comes(user.name)
        new = self.model.named(user.name)
        self.user_is_given_roles(new, roles)
        if user.password is not None:
            self.password_is_set(None, new, user.password, None)
        for where in dict.fromkeys(key.integration for key in self.model.keys if key.user == user.id):
            self.key_is_issued(None, where, new)
        self.present(of=[user, new])

    @there_are(users)
    @rule(user=USERS, active=MOSTLY)
    def user_is_disabled_or_enabled(self, user, active):
        self.do(self.product.change_user(user.name, status="ACTIVE" if active else "INACTIVE"))
        user.active = active
        self.present(of=[user])

    @there_are(users)
    @rule(user=USERS, roles=some(list(ROLES)))
    def user_is_given_roles(self, user, roles):
        self.do(self.product.change_user(user.name, roles=roles))
        user.roles = frozenset(roles)
        self.present(of=[user])

    @rule(role=st.sampled_from(list(ROLES)))
    def role_goes_and_another_of_that_name_comes(self, role):
        self.do(self.product.replace_role(role, ROLES[role]))
        for user in users(self.model):
            user.roles -= {role}
        self.present(of=users(self.model))

    @there_are(users)
    @rule(
        by_operator=st.booleans(),
        user=USERS,
        password=st.sampled_from(PASSWORDS),
        lifetime=st.sampled_from([None, 30, 61]),
    )
    def own_password_is_set(self, by_operator, user, password, lifetime):
        self.password_is_set(None if by_operator else user, user, password, lifetime)

    def password_is_set(self, actor, user, password, lifetime):
        done = self.do(self.product.set_password(actor, user.name, password, lifetime))
        assert (done is not None) == (actor is None or self.model.signs_in(actor))
        if done:
            before, user.password = user.password, password
            user.expires = None if lifetime is None else self.model.now + lifetime
            known = [each for each in (before, password) if each is not None]
            self.call(
                *((where, Basic(user.name, each)) for where in self.by_method("basic") for each in known)
            )

    @rule(seconds=st.sampled_from([1, 30, 61, TOKEN_SECONDS]))
    def time_passes(self, seconds):
        self.clock.forward(seconds=seconds)
        self.model.now += seconds
        self.call(*((each.integration, each.presented) for each in self.model.keys if each.ends is not None))
        self.present(of=[each for each in users(self.model) if each.expires is not None])

    # Plans, forms, integrations

    @rule(plan=st.sampled_from(["incidents", "payroll"]), admitted=ADMITTED)
    def plan_admits(self, plan, admitted):
        self.do(self.product.admit(plan, *admitted))
        self.model.plans[plan].access = self.access(*admitted)
        self.present(at=self.of_plan(plan))

    @rule(plan=st.sampled_from(["incidents", "payroll"]), enabled=MOSTLY)
    def plan_is_enabled_or_disabled(self, plan, enabled):
        self.do(self.product.enable_plan(plan, enabled))
        self.model.plans[plan].enabled = enabled
        self.present(at=self.of_plan(plan))

    def of_plan(self, plan):
        return [each for each in self.model.integrations.values() if each.plan == plan]

    @rule(form=FORMS, admitted=ADMITTED)
    def form_is_sent_by(self, form, admitted):
        self.do(self.product.let_send(form.id, *admitted))
        form.senders = self.access(*admitted)
        self.present(at=[each for each in self.model.integrations.values() if each.form == form.id])

    def access(self, everybody, roles, names):
        ids = frozenset(self.model.named(name).id for name in names)
        return Access(everybody, frozenset(roles), ids)

    @rule(form=FORMS, bound_again=MOSTLY)
    def form_goes_and_another_of_that_name_comes(self, form, bound_again):
        bound = [each for each in chosen(self.model) if each.form == form.id]
        new = Form(f"{form.id}'", form.plan, form.name, form.senders)
        self.do(self.product.replace_form(form.id, new))
        del self.model.forms[form.id]
        self.model.forms[new.id] = new
        for each in self.model.integrations.values():
            each.form = None if each.form == form.id else each.form
        for each in bound if bound_again else []:
            self.integration_is_bound(each, new)
        self.present(at=bound)

    @rule(integration=among(chosen), data=st.data())
    def integration_is_bound_to_a_form(self, integration, data):
        forms = [each for each in self.model.forms.values() if each.plan == integration.plan]
        self.integration_is_bound(integration, data.draw(st.sampled_from(forms)))
        self.present(at=[integration])

    def integration_is_bound(self, integration, form):
        self.do(self.product.edit(integration.id, form=form.name))
        integration.form = form.id

    @rule(where=INBOUND_IDS, method=st.sampled_from(METHODS))
    def method_is_chosen(self, where, method):
        self.do(self.product.edit(where, method=method))
        self.model.integrations[where].method = method
        self.model.integrations[where].legacy = False
        self.present(at=[self.model.integrations[where]])

    @rule(integration=among(chosen), enabled=MOSTLY)
    def integration_is_enabled_or_disabled(self, integration, enabled):
        self.do(self.product.edit(integration.id, enabled=enabled))
        integration.enabled = enabled
        self.present(at=[integration])

    @rule(where=INBOUND_IDS, action=st.sampled_from(ACTIONS))
    def action_is_changed(self, where, action):
        self.do(self.product.set_action(where, action))
        self.model.integrations[where].action = action
        self.present(at=[self.model.integrations[where]])

    # Keys

    @there_are(users)
    @rule(actor=ACTORS, where=INBOUND_IDS, holder=USERS)
    def key_is_issued(self, actor, where, holder):
        integration = self.model.integrations[where]
        issued = self.do(self.product.issue_key(actor, where, holder.name))
        assert (issued is not None) == self.model.issues(actor, integration, holder)
        if issued:
            self.keep_key(issued, integration, holder.id)

    @rule(actor=ACTORS, key=KEYS, overlap=st.sampled_from([0, 0, 60]))
    def key_is_rotated(self, actor, key, overlap):
        issued = self.do(self.product.rotate_key(actor, key.id, overlap))
        assert (issued is not None) == self.model.rotates(actor, key, overlap)
        if issued:
            key.ends = self.model.now + overlap
            self.keep_key(issued, self.model.integrations[key.integration], key.user)
            self.call((key.integration, key.presented))

    @rule(actor=ACTORS, key=KEYS)
    def key_is_revoked(self, actor, key):
        done = self.do(self.product.revoke_key(actor, key.id))
        assert (done is not None) == self.model.revokes(actor, key)
        if done:
            key.ends = self.model.now if key.ends is None else min(key.ends, self.model.now)
            self.call((key.integration, key.presented))

    def keep_key(self, issued, integration, user_id):
        new = Key(
            issued.key.id,
            integration.method,
            integration.id,
            user_id,
            issued.key.key_id,
            issued.secret.reveal(),
        )
        others = {each.name for each in self.model.keys if each.user != user_id}
        own = {each.name for each in self.model.keys if each.user == user_id}
        assert new.secret not in texts(self.model)
        # One key id for each user, the same at all integrations, and nobody else's before or after.
        assert new.name is None or (new.name not in others and own - {None} <= {new.name})
        self.model.keys.append(new)
        self.call((new.integration, new.presented))
