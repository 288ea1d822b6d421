"""Identity: who may sign in, and with which permissions.

Owns accounts, their passwords and roles, sessions with their refresh tokens, the keys that sign access tokens, the
links to another OIDC issuer's subjects, and the record of sign-ins. Does not own what stands behind an account
(customers, agents) nor what a permission means: every service verifies the caller's token and decides for itself.
"""
