"""The wall: its plan as data, and the probes that prove it."""
