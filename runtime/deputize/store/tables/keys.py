"""Keys by which callers set integrations off; each is one person's."""

from sqlalchemy import Column, ForeignKey, Index, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.plans import integrations
from deputize.store.tables.types import Moment, Name

api_keys = Table(
    "api_keys",
    metadata,
    # Public: it is presented as a user name.
    Column("id", Name, primary_key=True),
    # Of any platform, so that it refers to no table.
    Column("subject", Name, nullable=False, unique=True),
    Column("created", Moment, nullable=False),
)

api_secrets = Table(
    "api_secrets",
    metadata,
    Column("id", Name, primary_key=True),
    Column("integration_id", ForeignKey(integrations.c.id, ondelete="CASCADE"), nullable=False),
    Column("subject", ForeignKey(api_keys.c.subject, ondelete="CASCADE"), nullable=False, index=True),
    # A keyed hash; the secret itself is written nowhere.
    Column("hash", Name, nullable=False),
    Column("created", Moment, nullable=False),
    Column("issued_by", Name, nullable=False),
    Column("ends", Moment),
    Column("last_used", Moment),
)
Index(None, api_secrets.c.integration_id, api_secrets.c.subject)

url_keys = Table(
    "url_keys",
    metadata,
    Column("id", Name, primary_key=True),
    # A keyed hash; the key itself is written nowhere.
    Column("hash", Name, nullable=False, unique=True),
    Column("integration_id", ForeignKey(integrations.c.id, ondelete="CASCADE"), nullable=False),
    Column("subject", Name, nullable=False, index=True),
    Column("created", Moment, nullable=False),
    Column("issued_by", Name, nullable=False),
    Column("ends", Moment),
    Column("last_used", Moment),
)
Index(None, url_keys.c.integration_id, url_keys.c.subject)
