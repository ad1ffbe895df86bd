"""Judges the calls of legacy runs as those of the person who is to be the initiator."""
