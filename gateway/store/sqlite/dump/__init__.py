"""The content of the file as records for another store."""
