-- Remember whose upload something is. Safe to repeat.
--
-- ARGV  "<platform>:<media>", what is kept of it, how many milliseconds Redis keeps it

call('SET', p .. 'upload:' .. ARGV[1], ARGV[2], 'PX', ARGV[3])
