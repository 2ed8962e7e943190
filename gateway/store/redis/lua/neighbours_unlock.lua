-- The configuration has been changed.
--
-- KEYS[1]  the prefix (see neighbours_beat)
-- ARGV     process
-- Returns the new version

local p = KEYS[1]
if redis.call('GET', p .. 'changer') == ARGV[1] then
  redis.call('DEL', p .. 'changer', p .. 'changing')
end
return redis.call('INCR', p .. 'version')
