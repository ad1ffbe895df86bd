"""Whoever may do whatever, a request is answered, and runs, as the rules have it; on both stores.

A state machine changes users, roles, plans, forms, integrations, keys and passwords, presents credentials
in every way, starts events and lets things happen to them. After each request the product's answer and all
that has been recorded are what ``identity_model`` says. DEPUTIZE_IDENTITY_EXAMPLES sets how many machines
are run on each store.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from identity_changes import (
    FORMS,
    INBOUND,
    KEYS,
    NAMES,
    PASSWORDS,
    USERS,
    among,
    some,
    started,
    texts,
    there_are,
    users,
    with_password,
)
from identity_credentials import Basic, Bearer, Signed, UrlKey
from identity_deployment import AUTHOR, SERVICE
from identity_legacy import ChangingLegacy
from identity_model import TOKEN_SECONDS, Event, Token

EXAMPLES = int(os.environ.get("DEPUTIZE_IDENTITY_EXAMPLES", "16"))
STEPS = 40
#: A machine takes a second, and longer on a busy processor; one that fails is made smaller for minutes.
SECONDS = 600 + 5 * EXAMPLES

EVENTS = among(lambda model: model.events)
#: What may be called, something that is no request's to set off, and nothing.
EVERYWHERE = [*(each.id for each in INBOUND), "on-status", "no integration"]
TEXTS = among(texts)
CREDENTIALS = st.one_of(
    KEYS.map(lambda key: key.presented),
    st.builds(Basic, st.sampled_from(NAMES), st.sampled_from(PASSWORDS)),
    st.builds(Basic, TEXTS, TEXTS),
    st.builds(UrlKey, TEXTS),
    st.builds(Bearer, TEXTS),
    st.builds(Signed, TEXTS),
)


class IdentityMachine(ChangingLegacy):
    """Presents credentials and starts events, and compares what comes of it with what the model says."""

    def __init__(self):
        super().__init__()
        self.user_starts_a_form(self.model.named("rob"), self.model.forms["f-alert"], ["dana", AUTHOR])

    # Requests

    @rule(plan=st.sampled_from(["incidents", "payroll"]))
    def everything_is_presented_where_it_belongs(self, plan):
        self.present(at=self.of_plan(plan))

    @rule(name=st.sampled_from(NAMES), where=st.sampled_from(["tell", "chained"]))
    def passwords_are_tried_one_after_the_other(self, name, where):
        self.call(*((where, Basic(name, password)) for password in PASSWORDS))

    @rule(credential=CREDENTIALS)
    def something_is_presented_everywhere(self, credential):
        self.call(*((where, credential) for where in EVERYWHERE))

    @rule(key=KEYS)
    def key_is_presented_everywhere(self, key):
        self.call(*((where, key.presented) for where in EVERYWHERE))

    @there_are(lambda model: model.tokens)
    @rule(token=among(lambda model: model.tokens))
    def token_is_presented_everywhere(self, token):
        self.call(*((where, Bearer(token)) for where in EVERYWHERE))

    @rule(where=st.sampled_from(EVERYWHERE), credentials=st.lists(CREDENTIALS, min_size=2, max_size=2))
    def two_credentials_are_presented(self, where, credentials):
        self.call((where, *credentials))

    @rule(where=st.sampled_from(EVERYWHERE))
    def nothing_is_presented(self, where):
        self.call((where,))

    # Scripts

    @there_are(started)
    @rule(run_id=among(started))
    def script_asks_for_its_credential(self, run_id):
        token = self.do(self.product.token(run_id))
        may = run_id not in self.model.ended and self.model.active(self.model.runs[run_id].user)
        assert (token is not None) == bool(may)
        if token is not None:
            # The same one is given again while it is fresh.
            self.model.tokens.setdefault(token, Token(token, run_id, self.model.now + TOKEN_SECONDS))
            self.call(*((where, Bearer(token)) for where in self.by_method("basic", "oauth")))

    @there_are(started)
    @rule(run_id=among(started))
    def script_has_its_credential_and_its_run_ends(self, run_id):
        self.script_asks_for_its_credential(run_id)
        self.do(self.product.end_run(run_id))
        self.model.ended.add(run_id)
        for token in [each.text for each in self.model.tokens.values() if each.run == run_id]:
            self.call(*((where, Bearer(token)) for where in self.by_method("basic", "oauth")))
            self.script_starts_a_form(token, next(iter(self.model.forms.values())), [])

    @there_are(lambda model: model.tokens)
    @rule(token=among(lambda model: model.tokens), form=FORMS, to=some(NAMES))
    def script_starts_a_form(self, token, form, to):
        run = self.model.runs[self.model.tokens[token].run]
        via = "inbound" if run.trigger == "inbound" else "script"
        via = "legacy" if run.via == "legacy" else via
        self.form_is_started(Bearer(token), self.model.token_holder(token), form, to, via, run.chain)

    # Events

    @there_are(with_password)
    @rule(user=among(with_password), form=FORMS, to=some(NAMES))
    def user_starts_a_form(self, user, form, to):
        sender = self.model.signed_in(user.name, user.password)
        self.form_is_started(Basic(user.name, user.password), sender, form, to, "api", ())

    def form_is_started(self, credential, sender, form, to, via, chain):
        status, request_id = self.do(self.product.start_form(form.id, credential, to))
        if sender is None or not self.model.sends(sender, form.id):
            assert status == (401 if sender is None else 403)
            self.compare_runs()
            return
        assert status == 202
        self.keep_event(request_id, sender, form, to, via, chain)

    @there_are(users)
    @rule(user=USERS, form=FORMS)
    def user_starts_a_form_in_the_page(self, user, form):
        request_id = self.do(self.product.start_form_in_page(user.id, form.id))
        may = self.model.signs_in(user) and self.model.sends(user, form.id)
        assert (request_id is not None) == may
        if may:
            self.keep_event(request_id, user, form, [], "ui", ())

    def keep_event(self, request_id, sender, form, to, via, chain):
        known = {each.number for each in self.model.events}
        [new] = [each for each in self.do(self.product.events_of(request_id)) if each.number not in known]
        assert (new.submitter_id, new.submitter_name, new.via) == (sender.id, sender.name, via)
        told = self.model.told(sender, to)
        event = Event(new.number, sender.id, sender.name, via, form.id, chain, told)
        self.model.events.append(event)
        self.compare_runs(*self.model.set_off(event, "STATUS", chain))

    @rule(event=EVENTS)
    def everybody_responds(self, event):
        expected = []
        for user in with_password(self.model):
            known = self.model.signed_in(user.name, user.password)
            told = known is not None and known.id in event.told
            status = self.do(self.product.respond(event.number, Basic(user.name, user.password)))
            assert status == (401 if known is None else 201 if told else 400)
            expected += self.model.set_off(event, "RESPONSE", event.chain) if told else []
        self.compare_runs(*expected)

    @rule(event=EVENTS, name=st.sampled_from(NAMES))
    def service_records_a_response(self, event, name):
        user = self.model.named(name)
        told = user is not None and user.id in event.told
        status = self.do(self.product.respond(event.number, SERVICE, recipient=name))
        assert status == (201 if told else 400)
        self.compare_runs(*(self.model.set_off(event, "RESPONSE", event.chain) if told else []))

    @rule(event=EVENTS)
    def service_comments(self, event):
        self.do(self.product.comment(event.number))
        self.compare_runs(*self.model.set_off(event, "ANNOTATION", event.chain))

    @rule(event=EVENTS, status=st.sampled_from(["ACTIVE", "SUSPENDED"]))
    def service_changes_the_status(self, event, status):
        self.do(self.product.set_status(event.number, status))
        changed = event.status != status
        event.status = status
        self.compare_runs(*(self.model.set_off(event, "STATUS", event.chain) if changed else []))


@pytest.mark.timeout(SECONDS)
def test_every_request_is_answered_and_runs_as_the_rules_have_it(loop, open_database, clock):
    class OnThisStore(IdentityMachine):
        pass

    OnThisStore.loop, OnThisStore.database, OnThisStore.clock = loop, open_database, clock
    run_state_machine_as_test(
        OnThisStore,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            # Each machine anew: the usual one spends five of six on variations of the one before.
            backend="hypothesis-urandom",
            suppress_health_check=list(HealthCheck),
        ),
    )
