"""What all rows have in common: keys, lines, numbers for names, lists in pages."""
