"""Examples of sessions and accounts."""

from typing import Any

from services.gateway.examples.people import ACCOUNT, AGENT, MOMENT

ACCESS = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCIsImtpZCI6IjEifQ.eyJzdWIiOiIwMTkyZjNhNCJ9.c2lnbmF0dXJl"
REFRESH = "rt_7Qm3nV0cX9sJ2kLpA5yUeW8hZbT4dFgR"
ACCOUNT_VIEW: dict[str, Any] = {
    "id": ACCOUNT,
    "email": "paul@example.com",
    "name": "Paul Petit",
    "type": "agent",
    "actor_id": AGENT,
    "roles": ["agent"],
    "locale": "fr",
    "disabled": False,
    "created_at": MOMENT,
    "version": 1,
}

SENT: dict[str, dict[str, Any]] = {
    "SignIn": {"email": "paul@example.com", "password": "correct horse battery staple"},
    "RefreshTokens": {"refresh_token": REFRESH},
    "SignOut": {"refresh_token": REFRESH},
    "BootstrapAdmin": {
        "secret": "the bootstrap secret of this installation",
        "email": "admin@example.com",
        "name": "Anne Admin",
        "password": "correct horse battery staple",
    },
    "CreateAccount": {
        "type": "agent",
        "actor_id": AGENT,
        "email": "paul@example.com",
        "name": "Paul Petit",
        "password": "correct horse battery staple",
        "roles": ["agent"],
        "locale": "fr",
    },
    "DisableAccount": {"reason": "Paul has left the company."},
    "ChangeRoles": {"roles": ["order_clerk", "accountant"]},
    "LinkSubject": {
        "external_subject": "auth0|5f7c8ec7c33c6c004bbafe82",
        "external_issuer": "https://login.example.com/",
    },
    "ChangePassword": {"current_password": "correct horse battery staple", "new_password": "four other random words"},
}

ANSWERED: dict[str, Any] = {
    "TokenPair": {
        "access_token": ACCESS,
        "token_type": "Bearer",
        "expires_in": 600,
        "refresh_token": REFRESH,
        "refresh_expires_in": 2592000,
    },
    "AccountView": ACCOUNT_VIEW,
}
