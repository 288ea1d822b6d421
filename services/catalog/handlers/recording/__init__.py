"""The rows and facts that a change leaves, whichever command or event makes it, by noun."""

from services.catalog.handlers.recording.products import record_change

__all__ = ["record_change"]
