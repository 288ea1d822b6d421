"""Examples of mails, operations and the stream of events."""

import json
from typing import Any

from services.gateway.examples.people import ENTRY, EVENT, MAIL, MOMENT, ORDER, PAUL, euros

PARKED: dict[str, Any] = {
    "producer": "orders",
    "seq": 1207,
    "handler": "accrue_commission",
    "event_id": EVENT,
    "type": "orders.order_confirmed.v1",
    "aggregate_id": ORDER,
    "error": "ValueError: an amount in EUR has at most 2 decimals; round it first",
    "attempts": 3,
    "next_try": MOMENT,
    "parked_at": MOMENT,
    "body": "{}",
}
ENVELOPE: dict[str, Any] = {
    "id": EVENT,
    "type": "agents.commission_accrued.v1",
    "occurred_at": MOMENT,
    "producer": "agents",
    "aggregate_id": ENTRY,
    "aggregate_version": 1,
    "correlation_id": "0192f3a4-5b6c-7d8e-9f00-1a2b3c4d5e6f",
    "causation_id": None,
    "actor": PAUL,
    "data": {"entry": {"id": ENTRY, "order_number": 1042, "kind": "accrued", "amount": euros("1.99")}},
}
STREAM = f"id: agents-311\nevent: {ENVELOPE['type']}\ndata: {json.dumps(ENVELOPE)}\n\n: alive\n\n"

SENT: dict[str, dict[str, Any]] = {
    "ResendMail": {"reason": "The customer's mailbox has room again."},
    "RetryParked": {"reason": "The rounding is repaired."},
    "HearAgain": {
        "producer": "orders",
        "from_seq": 1207,
        "reason": "The rounding is repaired; the ledger is filled anew.",
    },
    "DiscardParked": {"reason": "A duplicate of an event handled by hand."},
}

ANSWERED: dict[str, Any] = {
    "MailView": {
        "id": MAIL,
        "kind": "order_placed",
        "to": "lucie@example.com",
        "locale": "fr",
        "subject": "Votre commande 1042",
        "order_id": ORDER,
        "status": "sent",
        "message_id": "<0192f3a4@courtier.example>",
        "attempts": 1,
        "error": None,
        "created_at": MOMENT,
        "sent_at": MOMENT,
        "version": 2,
    },
    "ParkedView": PARKED,
    "ServiceStatus": {
        "service": "agents",
        "relay": {"last_seq": 311, "published_seq": 311, "oldest_unsent_seconds": 0.0, "beat_seconds": 0.4},
        "cursors": [{"producer": "orders", "seq": 1207, "lag": 0, "beat_seconds": 0.4}],
        "parked": 1,
        "jobs_due": 0,
        "jobs_failed": 0,
    },
    "Reconciliation": {
        "checks": ["ledger_adds_up"],
        "drifts": [{"check": "ledger_adds_up", "detail": "Agent 0192f3a4 is due 1.99 EUR, entries say 0.00 EUR."}],
    },
    "Envelope": ENVELOPE,
}
