"""How anything here says that it cannot: one sentence for people, with what to do next."""


class Failed(Exception):
    """Something does not start or may not be done; the sentence says why and what to do."""
