"""Parcels on their way: couriers and tracking numbers, labels, leaving, arriving, being late."""
