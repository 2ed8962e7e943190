-- Begin to change the configuration, unless somebody else does.
--
-- KEYS[1]  the prefix (see neighbours_beat)
-- ARGV     process, for how long at most (ms)
-- Returns the version, or false

local p = KEYS[1]
if not redis.call('SET', p .. 'changer', ARGV[1], 'NX', 'PX', ARGV[2]) then
  return false
end
if redis.call('EXISTS', p .. 'changing') == 1 then
  redis.call('INCR', p .. 'version')  -- whoever was at it has died over it
end
redis.call('SET', p .. 'changing', ARGV[1])
return tonumber(redis.call('GET', p .. 'version') or 0)
