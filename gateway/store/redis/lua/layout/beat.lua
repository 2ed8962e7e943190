-- Write something small.
--
-- ARGV  now

call('HSET', p .. 'facts', 'heartbeat', ARGV[1])
