-- Move a re-normalisation, unless another process has done so, and take out of the quarantine what can be read.
--
-- ARGV[1]  id
-- ARGV[2]  the record (JSON) that this was decided on
-- ARGV[3]  the record from now on
-- ARGV[4]  when the next step is due, or "" if it has ended
-- ARGV[5]  when it ended, or ""
-- ARGV[6]  (MessagePack) keys of what can be read now
-- ARGV[7]  now, for the parts that still cannot; ARGV[8] …  these parts
-- Returns 1, or 0 where another process was faster

local id, runs = ARGV[1], p .. 'renormalisations'
if call('HGET', runs, id) ~= ARGV[2] then
  return 0
end
local member = string.format('%016d', call('ZSCORE', runs .. '_order', id)) .. ' ' .. id
call('HSET', runs, id, ARGV[3])
if ARGV[4] ~= '' then
  call('ZADD', runs .. '_due', ARGV[4], member)
else
  call('ZREM', runs .. '_due', member)
  call('ZADD', runs .. '_finished', ARGV[5], id)
end
for _, key in ipairs(cmsgpack.unpack(ARGV[6])) do
  call('ZREM', p .. 'quarantined', key)
  call('HDEL', p .. 'quarantine', key)
end
keep_unreadable(ARGV[7], 8)
return 1
