"""People as the API lists and changes them, over all shards."""
