"""Stock: what is in the store-room, what is promised to orders, what is on its way."""
