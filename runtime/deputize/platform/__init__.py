"""The platform that scripts act on: people, their permissions, and the credentials of a run."""
