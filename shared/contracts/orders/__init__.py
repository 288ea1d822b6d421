"""Orders: the life of a sale, from placement to completion or cancellation.

Owner: services/orders. It alone handles the requests of this package and emits its events.
"""
