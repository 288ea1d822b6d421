"""Catalog: what can be sold, to whom, for how much, and how many are left.

Owns products, variants, categories, base and group prices, stock with its movements, and the holds that placements
make. Keeps its own copy of what it must know of buyers, groups, agents and the shop's sales rules, told by events.
Does not own customers, groups, agents or orders; totals, taxes and discounts of an order are computed by orders.
"""
