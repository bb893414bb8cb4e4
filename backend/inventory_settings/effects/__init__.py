"""What changing a setting does to the shop as it is now, counted; one module for each section."""
