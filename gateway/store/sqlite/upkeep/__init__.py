"""Done behind the traffic, a little at a time: deleting, emptying, counting, handing over."""
