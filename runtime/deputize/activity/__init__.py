"""The activity stream: what a run did, for people to read."""
