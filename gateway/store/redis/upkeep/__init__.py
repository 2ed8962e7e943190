"""Done behind the traffic, a little at a time: deleting, compressing, counting, handing over."""
