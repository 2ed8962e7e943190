"""Another store's content on its way into the file."""
