"""Agents: who sells, in which team, and what they earn.

Owns agents, their groups and teams, the shop's sales rules and the commission ledger. It hears from orders what was
sold, paid and cancelled. Owns no account (identity), no customer, no order, and pays nobody.
"""
