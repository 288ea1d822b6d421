"""What catalog does by itself, later or from time to time, by noun."""

from services.catalog.handlers.jobs import holds, images, imports, price_changes, price_history

ALL = (holds, images, imports, price_changes, price_history)
