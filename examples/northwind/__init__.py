"""Northwind: a wholesaler's catalogue, customers, sales team and 830 orders, sold again through Courtier.

Give it the folder of Northwind's CSV files and the address of a running gateway. It speaks the public API alone, as
any frontend would: every order is placed by its own employee, signed in as an agent.
"""
