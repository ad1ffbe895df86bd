"""The shape of ``deputize.toml``, one module per part."""
