"""Runs that have been accepted and wait to be taken up."""
