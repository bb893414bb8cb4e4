"""The settings of stock, orders and CS, each of which changes what the product does (source: 002)."""
