"""The content of a database as records for another store."""
