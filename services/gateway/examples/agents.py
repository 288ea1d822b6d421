"""Examples of agents, their groups and their commissions."""

from typing import Any

from services.gateway.examples.identity import ACCOUNT_VIEW
from services.gateway.examples.orders import SUMMARY
from services.gateway.examples.people import AGENT, AGENT_GROUP, ENTRY, MANAGER, MOMENT, ORDER, SETTINGS, euros

AGENT_VIEW: dict[str, Any] = {
    "id": AGENT,
    "name": "Paul Petit",
    "email": "paul@example.com",
    "locale": "fr",
    "group_id": AGENT_GROUP,
    "parent_id": MANAGER,
    "status": "active",
    "max_discount_percent": "10",
    "max_increase_percent": "20",
    "created_at": MOMENT,
    "version": 1,
}
ENTRY_VIEW: dict[str, Any] = {
    "id": ENTRY,
    "version": 1,
    "agent_id": AGENT,
    "seller_id": AGENT,
    "order_id": ORDER,
    "order_number": 1042,
    "kind": "accrued",
    "level": 0,
    "percent": "5",
    "basis": euros("39.80"),
    "amount": euros("1.99"),
    "created_at": MOMENT,
}
STATEMENT: dict[str, Any] = {
    "agent_id": AGENT,
    "balances": [{"currency": "EUR", "accrued": euros("1.99"), "earned": euros("148.30")}],
    "entries": [ENTRY_VIEW],
}

SENT: dict[str, dict[str, Any]] = {
    "CreateAgentGroup": {
        "code": "field",
        "name": "Field sales",
        "commission_percent": "5",
        "override_percent": "10",
        "max_discount_percent": "10",
        "max_increase_percent": "20",
    },
    "ChangeAgentGroup": {"commission_percent": "5.5"},
    "RegisterAgent": {
        "name": "Paul Petit",
        "email": "paul@example.com",
        "locale": "fr",
        "group_id": AGENT_GROUP,
        "parent_id": MANAGER,
    },
    "ChangeAgent": {"status": "suspended"},
    "MoveAgent": {"parent_id": MANAGER},
    "ChangeSalesSettings": {"agents_serve_all": False, "attribution": ["customer_agent", "acting_agent"]},
}

ANSWERED: dict[str, Any] = {
    "AgentGroupView": {
        "id": AGENT_GROUP,
        "code": "field",
        "name": "Field sales",
        "commission_percent": "5",
        "override_percent": "10",
        "max_discount_percent": "10",
        "max_increase_percent": "20",
        "created_at": MOMENT,
        "version": 1,
    },
    "AgentView": AGENT_VIEW,
    "Statement": STATEMENT,
    "CommissionEntry": ENTRY_VIEW,
    "SalesSettings": {
        "id": SETTINGS,
        "version": 1,
        "agents_serve_all": False,
        "attribution": ["customer_agent", "acting_agent"],
    },
    "Dashboard": {"agent": AGENT_VIEW, "statement": STATEMENT, "latest_orders": [SUMMARY]},
    "Me": {"account": ACCOUNT_VIEW, "customer": None, "agent": AGENT_VIEW},
}
