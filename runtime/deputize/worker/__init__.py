"""Takes accepted runs up and sees each of them to its end."""

from deputize.worker.worker import Worker

__all__ = ["Worker"]
