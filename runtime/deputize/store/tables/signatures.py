"""What requests are signed with, and the signatures that have been seen."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.plans import integrations
from deputize.store.tables.types import Moment, Name

signing_secrets = Table(
    "signing_secrets",
    metadata,
    Column("id", Name, primary_key=True),
    Column("integration_id", ForeignKey(integrations.c.id, ondelete="CASCADE"), nullable=False),
    Column("subject", Name, nullable=False, index=True),
    # Encrypted under a key that is not in the database.
    Column("sealed", LargeBinary, nullable=False),
    Column("created", Moment, nullable=False),
    Column("issued_by", Name, nullable=False),
    Column("ends", Moment),
    Column("last_used", Moment),
)
Index(None, signing_secrets.c.integration_id, signing_secrets.c.subject)

# What is here is not accepted again.
seen_signatures = Table(
    "seen_signatures",
    metadata,
    Column("integration_id", ForeignKey(integrations.c.id, ondelete="CASCADE"), primary_key=True),
    # The hash of the signature, or of the id of the message that it signs.
    Column("hash", Name, primary_key=True),
    Column("run_id", Name, nullable=False),
    Column("seen", Moment, nullable=False),
    # After that, the time that was signed is too old anyway; NULL where no time is signed.
    Column("expires", Moment, index=True),
)
