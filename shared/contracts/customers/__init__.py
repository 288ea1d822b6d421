"""Customers: who buys, for which company, in which groups, looked after by which agent.

Owner: services/customers. It alone handles the requests of this package and emits these events.
"""
