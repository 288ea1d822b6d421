"""Orders: the life of a sale, from placement to completion or cancellation.

Owns orders and their lines as they were sold, with all they were computed from, the ledger of payments, the VAT rates,
and the history of who moved an order on whose behalf. Does not own prices or stock (catalog: it prices and holds at
placement), customers (customers) or agents and their commissions (agents): of buyers, sellers and sales settings it
keeps a projection, heard from their events.
"""
