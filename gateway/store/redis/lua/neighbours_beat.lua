-- Be there for some seconds more, and see who else is.
--
-- KEYS[1]  the prefix; under it
--          present   sorted set: process that delivers → until when (Redis' own clock, ms)
--          changing  who changes the configuration; changer: the same, for as long as it may take
--          version   grows with every change of the configuration
-- ARGV     process, for how long (ms; 0: it leaves), 1 if it delivers
-- Returns {version, process that delivers …}

if redis.replicate_commands then
  redis.replicate_commands()  -- before Redis 7, a script that reads the clock has to ask for it
end
local p = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

redis.call('ZREMRANGEBYSCORE', p .. 'present', '-inf', now)
if tonumber(ARGV[2]) == 0 then
  redis.call('ZREM', p .. 'present', ARGV[1])
elseif ARGV[3] == '1' then
  redis.call('ZADD', p .. 'present', now + ARGV[2], ARGV[1])
end
-- Whoever was changing the configuration has died over it, perhaps after its last write.
if redis.call('EXISTS', p .. 'changing') == 1 and redis.call('EXISTS', p .. 'changer') == 0 then
  redis.call('DEL', p .. 'changing')
  redis.call('INCR', p .. 'version')
end
local present = redis.call('ZRANGE', p .. 'present', 0, -1)
table.sort(present)
return {tonumber(redis.call('GET', p .. 'version') or 0), unpack(present)}
