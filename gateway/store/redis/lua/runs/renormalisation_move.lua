-- Move a re-normalisation, unless another process has done so, and take out of the quarantine what can be read.
--
-- ARGV[1]  id
-- ARGV[2]  the record (JSON) that this was decided on
-- ARGV[3]  the record from now on
-- ARGV[4]  when the next step is due, or "" if it has ended
-- ARGV[5]  when it ended, or ""
-- ARGV[6]  (MessagePack) pairs: the key of what can be read now, and how many parts of it still cannot
-- ARGV[7]  now, for these parts; ARGV[8] …  all of them
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
local first = 8
for _, cleared in ipairs(cmsgpack.unpack(ARGV[6])) do
  local key, parts = cleared[1], cleared[2]
  call('ZREM', p .. 'quarantined', key)
  -- What was erased meanwhile leaves no part behind.
  if call('HDEL', p .. 'quarantine', key) == 1 then
    keep_unreadable(ARGV[7], first, first + parts - 1)
  end
  first = first + parts
end
return 1
