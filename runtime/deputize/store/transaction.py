"""One transaction: what can be asked and changed, by noun."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from deputize.store.applied import Applied
from deputize.store.audit import AuditRecords
from deputize.store.calls import Calls
from deputize.store.constants import Constants
from deputize.store.devices import Devices
from deputize.store.endpoints import Endpoints
from deputize.store.entries import Entries
from deputize.store.events import Events
from deputize.store.figures import Figures
from deputize.store.groups import Groups
from deputize.store.idempotency import RememberedRequests
from deputize.store.integrations import Integrations
from deputize.store.jobs import Jobs
from deputize.store.journal import Journals
from deputize.store.keys import Keys
from deputize.store.legacy import Legacy
from deputize.store.libraries import Libraries
from deputize.store.oauth import OAuth
from deputize.store.passwords import Passwords
from deputize.store.people import People
from deputize.store.plans import Forms, Plans
from deputize.store.recipients import Recipients
from deputize.store.roles import Roles
from deputize.store.runs import Runs
from deputize.store.schedules import Schedules
from deputize.store.scripts import Scripts
from deputize.store.secrets import Secrets
from deputize.store.sessions import Sessions
from deputize.store.shifts import Shifts
from deputize.store.signatures import Signatures
from deputize.store.supervisors import Supervisors
from deputize.store.tokens import Tokens
from deputize.store.workers import Workers


class Transaction:
    """What can be asked and changed; all of it is kept, or none."""

    def __init__(self, connection: AsyncConnection, *, now: datetime, jobs: Jobs | None = None) -> None:
        """Take an open transaction and the moment at which it began."""
        self.now = now
        #: For what is kept beside the tables of the store.
        self.connection = connection
        self.people = People(connection)
        self.roles = Roles(connection)
        self.passwords = Passwords(connection)
        self.tokens = Tokens(connection)
        self.sessions = Sessions(connection)
        self.supervisors = Supervisors(connection)
        self.devices = Devices(connection)
        self.groups = Groups(connection)
        self.shifts = Shifts(connection)
        self.events = Events(connection)
        self.recipients = Recipients(connection)
        self.plans = Plans(connection)
        self.forms = Forms(connection)
        self.integrations = Integrations(connection)
        self.scripts = Scripts(connection)
        self.libraries = Libraries(connection)
        self.schedules = Schedules(connection)
        self.endpoints = Endpoints(connection)
        self.constants = Constants(connection)
        self.secrets = Secrets(connection)
        self.keys = Keys(connection)
        self.signatures = Signatures(connection)
        self.oauth = OAuth(connection)
        self.legacy = Legacy(connection)
        self.runs = Runs(connection, jobs)
        self.entries = Entries(connection)
        self.figures = Figures(connection)
        self.journal = Journals(connection)
        self.calls = Calls(connection)
        self.idempotency = RememberedRequests(connection)
        self.workers = Workers(connection)
        self.audit = AuditRecords(connection)
        self.applied = Applied(connection)
