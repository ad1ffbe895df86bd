"""What stands in bodies, by noun: the same objects for HTTP and for ``--json``."""
