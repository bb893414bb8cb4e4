"""How well the bot understands sentences it has never seen."""
