"""Examples of customers, their groups and companies."""

from typing import Any

from services.gateway.examples.people import ADDRESS, AGENT, COMPANY, CUSTOMER, GROUP, MOMENT

CUSTOMER_VIEW: dict[str, Any] = {
    "id": CUSTOMER,
    "email": "lucie@example.com",
    "name": "Lucie Bernard",
    "locale": "fr",
    "status": "approved",
    "company_id": COMPANY,
    "company_name": "Cave du Port SARL",
    "group_ids": [GROUP],
    "agent_id": AGENT,
    "billing_address": ADDRESS,
    "shipping_address": ADDRESS,
    "reference": "C-1042",
    "created_at": MOMENT,
    "version": 2,
}

SENT: dict[str, dict[str, Any]] = {
    "CreateGroup": {"code": "resellers", "name": "Resellers", "show_prices": True},
    "CreateCompany": {"legal_name": "Cave du Port SARL", "vat_number": "FR40303265045", "country": "FR"},
    "RegisterCustomer": {
        "email": "lucie@example.com",
        "name": "Lucie Bernard",
        "locale": "fr",
        "company_id": COMPANY,
        "group_ids": [GROUP],
        "agent_id": AGENT,
        "billing_address": ADDRESS,
        "shipping_address": ADDRESS,
        "reference": "C-1042",
    },
    "ChangeCustomer": {"name": "Lucie Bernard-Roy", "shipping_address": ADDRESS},
    "AssignGroups": {"group_ids": [GROUP]},
    "AssignAgent": {"agent_id": AGENT},
}

ANSWERED: dict[str, Any] = {
    "GroupView": {
        "id": GROUP,
        "code": "resellers",
        "name": "Resellers",
        "built_in": False,
        "show_prices": True,
        "created_at": MOMENT,
        "version": 1,
    },
    "CompanyView": {
        "id": COMPANY,
        "legal_name": "Cave du Port SARL",
        "vat_number": "FR40303265045",
        "siret": "30326504500017",
        "country": "FR",
        "parent_id": None,
        "created_at": MOMENT,
        "version": 1,
    },
    "CustomerView": CUSTOMER_VIEW,
}
