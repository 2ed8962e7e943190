"""A store's content on its way into another one, as records that every store can write and read."""
