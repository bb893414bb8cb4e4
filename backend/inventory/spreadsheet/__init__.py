"""Stock by spreadsheet: read with suspicion, checked row by row, applied whole or not at all."""
