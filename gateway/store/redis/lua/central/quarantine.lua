-- Keep what could not be read; needs `central/unreadable`.
--
-- ARGV  the moment, then items

keep_unreadable(ARGV[1], 2, #ARGV)
