"""How the hub reaches the bot; importing the channel applies `bot.patches` and `bot.shortcuts`."""

from bot import patches, shortcuts

patches.apply()
shortcuts.apply()
