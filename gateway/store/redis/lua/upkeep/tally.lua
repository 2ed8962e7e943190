-- Add what a stretch of events came to, unless another process has counted it. Safe to repeat.
--
-- ARGV[1]  the key after which the stretch begins
-- ARGV[2]  the key of its last event
-- ARGV[3]  the month before which nobody asks whether a conversation was counted, as in 202601
-- ARGV[4]  (MessagePack) {counts, conversations}
--   counts         flat: month, field of `usage:<month>`, how many
--   conversations  flat: month, hash of customer and conversation, field that counts it the first time

if (call('GET', p .. 'tallied') or '0') ~= ARGV[1] then
  return
end
local stretch = cmsgpack.unpack(ARGV[4])
local counts, conversations = stretch[1], stretch[2]
for i = 1, #counts, 3 do
  call('HINCRBY', p .. 'usage:' .. counts[i], counts[i + 1], counts[i + 2])
end
for i = 1, #conversations, 3 do
  local month = conversations[i]
  call('ZADD', p .. 'counted', string.gsub(month, '-', ''), month)
  if call('SADD', p .. 'counted:' .. month, conversations[i + 1]) == 1 then
    call('HINCRBY', p .. 'usage:' .. month, conversations[i + 2], 1)
  end
end
for _, month in ipairs(call('ZRANGEBYSCORE', p .. 'counted', '-inf', '(' .. ARGV[3])) do
  call('UNLINK', p .. 'counted:' .. month)
  call('ZREM', p .. 'counted', month)
end
call('SET', p .. 'tallied', ARGV[2])
