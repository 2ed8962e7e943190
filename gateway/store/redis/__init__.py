"""The store on Redis: alone, behind Sentinel, or as a cluster."""
