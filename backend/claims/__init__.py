"""Cancellations, returns and exchanges: the second axis of an order line."""
