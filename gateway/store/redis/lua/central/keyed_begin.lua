-- Remember that a request is being done, unless one under its key was begun not long ago.
--
-- ARGV  key, fingerprint, now, the moment since when a request is remembered
-- Returns nothing to the first; {fingerprint, answer or ""} of the first to all others

local name = p .. 'keyed:' .. ARGV[1]
local found = call('HMGET', name, 'fingerprint', 'begun_at', 'answer')
if found[1] and tonumber(found[2]) > tonumber(ARGV[4]) then
  return {found[1], found[3] or ''}
end
call('DEL', name)
call('HSET', name, 'fingerprint', ARGV[2], 'begun_at', ARGV[3])
call('ZADD', p .. 'keyed', ARGV[3], ARGV[1])
return {}
