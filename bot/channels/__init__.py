"""How the hub reaches the bot; importing the channel applies the patches of `bot.patches`."""

from bot import patches

patches.apply()
