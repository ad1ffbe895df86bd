"""The part of the state machine that is about legacy integrations: open, opened by a pair, or edited."""

from hypothesis import strategies as st
from hypothesis.stateful import rule
from identity_changes import NAMES, OLD, PASSWORDS, ChangingDeployment, among
from identity_credentials import Basic

PLANS = st.sampled_from(["incidents", "payroll"])
PAIRS = st.builds(Basic, st.sampled_from([*NAMES, "reapi"]), st.sampled_from(PASSWORDS))
#: Edits that choose no method.
EDITS = st.sampled_from([{"script": "def main(): return 2"}, {"form": None}, {"response_choice": None}, {}])


def locked(model):
    """Return the inbound integrations of which nothing is edited until a method is chosen; one at least."""
    found = [each for each in model.integrations.values() if each.callback is None and each.method is None]
    return found or [None]


class ChangingLegacy(ChangingDeployment):
    """Changes the terms of legacy integrations, and tries to edit what is locked."""

    @rule()
    def old_integrations_are_called_as_ever(self):
        self.present(at=[self.model.integrations[each] for each in OLD])

    @rule(plan=PLANS, name=st.sampled_from([None, *NAMES]))
    def endpoint_gets_another_owner(self, plan, name):
        owner = None if name is None else self.model.named(name)
        done = self.do(self.product.set_owner(plan, name))
        is_somebody = name is None or (owner is not None and owner.active)
        assert (done is not None) == bool(self.left(plan) and is_somebody)
        if done:
            self.model.plans[plan].terms.owner = None if owner is None else owner.id
        self.present(at=self.of_plan(plan))

    @rule(plan=PLANS, pair=PAIRS)
    def plan_gets_another_pair(self, plan, pair):
        terms = self.model.plans[plan].terms
        before = terms.pair
        done = self.do(self.product.set_pair(plan, pair))
        assert (done is not None) == bool(self.left(plan) and before is not None)
        if done:
            terms.pair = pair
        self.call(*((where, each) for where in OLD for each in (before, pair) if each is not None))

    @rule(integration=among(locked), edit=EDITS)
    def what_is_locked_is_not_edited(self, integration, edit):
        if integration is not None:
            assert self.do(self.product.try_to_edit(integration.id, **edit)) is None
            self.present(at=[integration])

    @rule(integration=among(locked), enabled=st.booleans())
    def what_is_locked_is_switched_off_and_legacy_on_again(self, integration, enabled):
        if integration is not None:
            done = self.do(self.product.try_to_edit(integration.id, enabled=enabled))
            assert (done is not None) == (integration.legacy or not enabled)
            integration.enabled = enabled if done else integration.enabled
            self.present(at=[integration])

    def left(self, plan):
        """Return the legacy integrations that a plan still has."""
        return [each for each in self.of_plan(plan) if each.legacy]
