"""Customers: who buys, for which company, in which groups, looked after by which agent.

Owns customers, companies and customer groups, and tells everyone who needs to know a buyer. Keeps projections of the
agents that exist and of the shop's sales rules, both told by agents. Owns no account (identity), no price (catalog),
no order.
"""
