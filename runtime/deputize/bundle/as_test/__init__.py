"""A bundle as a test of pytest: routes that answer as recorded, the run, and what came of it."""

from deputize.bundle.as_test.write import GeneratedTest, test_of

__all__ = ["GeneratedTest", "test_of"]
