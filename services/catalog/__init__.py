"""Catalog: what can be sold, to whom, for how much, and how many are left.

Owns products with their variants and pictures, categories, prices of all levels and promotions, the rules of who sees
what and how many they may take, stock in its warehouses, the holds that placements make, texts of the shop, and the
files that bring and take all this. Keeps its own copy of what it must know of buyers, groups, companies, agents and
the shop's sales rules, told by events.

Does not own customers, groups, agents or orders; totals, taxes and discounts of an order are computed by orders.
"""
