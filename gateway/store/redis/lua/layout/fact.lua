-- A fact about the database, decided by whoever comes first.
--
-- ARGV  its name, its value if it has none
-- Returns its value

call('HSETNX', p .. 'facts', ARGV[1], ARGV[2])
return call('HGET', p .. 'facts', ARGV[1])
