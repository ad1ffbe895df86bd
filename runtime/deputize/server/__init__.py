"""The HTTP server: inbound requests, ``/api/v1``, and what is mounted beside them."""
