-- Be there for some seconds more, and see who else is.
--
-- ARGV  process, for how long (ms; 0: it leaves), 1 if it delivers
-- Returns {version of the configuration, Redis' clock (ms), process that delivers …}, these in the same order for everybody

if redis.replicate_commands then
  redis.replicate_commands()  -- before Redis 7, a script that reads the clock has to ask for it
end
local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

for _, here in ipairs({'running', 'present'}) do
  call('ZREMRANGEBYSCORE', p .. here, '-inf', now)
  if tonumber(ARGV[2]) == 0 then
    call('ZREM', p .. here, ARGV[1])
  elseif here == 'running' or ARGV[3] == '1' then
    call('ZADD', p .. here, text(now + ARGV[2]), ARGV[1])
  end
end
local present = call('ZRANGE', p .. 'present', 0, -1)
table.sort(present)
return {tonumber(call('HGET', p .. 'facts', 'version') or 0), now, unpack(present)}
