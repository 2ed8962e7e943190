"""Another store's content on its way into this one."""
