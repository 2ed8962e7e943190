-- Make a shard a part of a database, unless it is a part of one. Safe to repeat.
--
-- ARGV  the name of the database
-- Returns {the name of the database that it belongs to, 1 if it belonged to none}

local is_new = call('SETNX', p .. 'database', ARGV[1])
return {call('GET', p .. 'database'), is_new}
