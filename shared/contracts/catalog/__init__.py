"""Catalog: what can be sold, to whom, for how much, and how many are left.

Owner: services/catalog. It alone handles the requests of this package and emits its events.
"""
