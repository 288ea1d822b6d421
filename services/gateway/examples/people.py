"""The people and ids the examples share, so that they tell one story."""

MOMENT = "2026-11-21T09:30:00Z"


def number(tail: int) -> str:
    """Return an id that is plainly an example's."""
    return f"0192f3a4-0000-7000-8000-{tail:012d}"


STAFF, AGENT, MANAGER, CUSTOMER = number(1), number(2), number(3), number(4)
ACCOUNT, COMPANY, GROUP, AGENT_GROUP = number(10), number(11), number(12), number(13)
CATEGORY, PRODUCT, VARIANT, PRICE = number(20), number(21), number(22), number(23)
ORDER, PAYMENT, ENTRY, MAIL, EVENT = number(30), number(31), number(32), number(33), number(34)
SETTINGS, HISTORY = number(40), number(41)
IMAGE, UPLOAD = number(50), number(51)


def euros(amount: str) -> dict[str, str]:
    """Return an amount in euros as JSON has it."""
    return {"amount": amount, "currency": "EUR"}


PAUL = {"type": "agent", "id": AGENT, "name": "Paul Petit", "on_behalf_of": CUSTOMER}
CLERK = {"type": "staff", "id": STAFF, "name": "Claire Morel", "on_behalf_of": None}
ADDRESS = {
    "recipient": "Cave du Port",
    "lines": ["12 quai de la Fosse"],
    "postal_code": "44000",
    "city": "Nantes",
    "region": None,
    "country": "FR",
}
