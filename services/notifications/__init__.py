"""Notifications: which mails told whom about what.

Owns the mails (their words, their delivery, the log of it) and a projection of agents' addresses. It hears what
happens to orders and tells the customer and the agent, one mail for each step. Owns no order, no customer, no agent,
and decides nothing about them.
"""
