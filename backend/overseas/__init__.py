"""Parcels abroad: what they cost, how long they take, and what customs wants to know."""
