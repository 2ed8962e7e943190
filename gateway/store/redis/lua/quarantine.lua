-- Keep what could not be read; needs `unreadable`.
--
-- ARGV  the moment, then items

keep_unreadable(ARGV[1], 2, #ARGV)
