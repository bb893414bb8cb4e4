"""What may be changed about the main display."""

from backend.changes import registry
from backend.changes.registry import Target
from backend.display.models import DisplayGroup, DisplaySlot

registry.register("display_slot", Target(DisplaySlot, frozenset({"product_id", "pinned"}), "slot"))
registry.register("display_group", Target(DisplayGroup, frozenset({"automatic", "name"}), "dgr"))
