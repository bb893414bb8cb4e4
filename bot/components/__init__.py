"""Rasa's view of our Korean language work; importing any component applies the patches of `bot.patches`."""

from bot import patches

patches.apply()
