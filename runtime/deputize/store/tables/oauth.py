"""Clients of OAuth, and what has been granted to them."""

from sqlalchemy import Boolean, Column, ForeignKey, LargeBinary, Table

from deputize.store.tables.metadata import metadata
from deputize.store.tables.people import people
from deputize.store.tables.types import Json, Moment, Name, Text, Words, WordSet

oauth_clients = Table(
    "oauth_clients",
    metadata,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
    Column("redirect_uris", Words, nullable=False),
    Column("grants", WordSet, nullable=False),
    Column("scope", WordSet, nullable=False),
    # A keyed hash; NULL for a public client.
    Column("secret_hash", Name),
    # Whether it is the mobile app: what it starts is started by mobile.
    Column("mobile", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    Column("created_by", Name, nullable=False),
)

# One person's consent, and every token that comes from it.
oauth_grants = Table(
    "oauth_grants",
    metadata,
    Column("id", Name, primary_key=True),
    Column("client_id", ForeignKey(oauth_clients.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("scope", WordSet, nullable=False),
    Column("created", Moment, nullable=False),
    # From then on no token of it is accepted.
    Column("revoked", Moment),
    Column("ends", Moment, nullable=False, index=True),
)

oauth_codes = Table(
    "oauth_codes",
    metadata,
    # A hash; the code itself is written nowhere.
    Column("hash", Name, primary_key=True),
    Column("grant_id", ForeignKey(oauth_grants.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("redirect_uri", Text, nullable=False),
    Column("challenge", Name, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
    Column("used", Moment),
)

oauth_refresh_tokens = Table(
    "oauth_refresh_tokens",
    metadata,
    # A hash; the token itself is written nowhere.
    Column("hash", Name, primary_key=True),
    Column("grant_id", ForeignKey(oauth_grants.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("issued", Moment, nullable=False),
    Column("expires", Moment, nullable=False, index=True),
    Column("used", Moment),
)

# Access tokens that were revoked before they expired, by their id.
oauth_revoked_tokens = Table(
    "oauth_revoked_tokens",
    metadata,
    Column("jti", Name, primary_key=True),
    Column("expires", Moment, nullable=False, index=True),
)

# Tokens of other issuers that were issued to a person before that moment are refused.
oauth_cutoffs = Table(
    "oauth_cutoffs",
    metadata,
    Column("person_id", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("before", Moment, nullable=False),
)

oauth_signing_keys = Table(
    "oauth_signing_keys",
    metadata,
    Column("id", Name, primary_key=True),
    Column("public", Json, nullable=False),
    # Encrypted under a key that is not in the database.
    Column("sealed", LargeBinary, nullable=False),
    Column("created", Moment, nullable=False),
    # From then on it signs nothing, but what it has signed is still accepted.
    Column("retired", Moment),
)
