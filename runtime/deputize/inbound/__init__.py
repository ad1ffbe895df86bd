"""The way in for requests that set integrations off: who calls, whether they may, what is kept."""
