-- Change the configuration, if what the change was decided on still holds. Safe to repeat.
--
-- ARGV[1]  (MessagePack) {checks, writes}, both flat: hash, field, value or false
-- ARGV[2]  1 if the configuration is another one by that, 0 if it says the same
-- ARGV[3]  the name of the database
-- ARGV[4]  the process that is to hold the lock, or ""
-- Returns 1, or 0 where a check failed

if call('HGET', p .. 'facts', 'database') ~= ARGV[3] then
  return redis.error_reply('LOST another database, or none')
end
if ARGV[4] ~= '' and call('GET', p .. 'changer') ~= ARGV[4] then
  return redis.error_reply('TOOLATE somebody else may have changed what this was decided on')
end
local change = cmsgpack.unpack(ARGV[1])
local checks, writes = change[1], change[2]

for i = 1, #checks, 3 do
  if call('HGET', p .. checks[i], checks[i + 1]) ~= checks[i + 2] then
    return 0
  end
end
for i = 1, #writes, 3 do
  if writes[i + 2] then
    call('HSET', p .. writes[i], writes[i + 1], writes[i + 2])
  else
    call('HDEL', p .. writes[i], writes[i + 1])
  end
end
call('HINCRBY', p .. 'facts', 'version', ARGV[2])
return 1
