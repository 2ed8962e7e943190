"""Meta's Graph API, as far as every platform on it is alike.

edge      paths
meaning   what an error number means; each platform has its own table of them
answer    what an answer means
usage     how near the limits are
"""
