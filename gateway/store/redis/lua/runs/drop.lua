-- Delete a replay or a re-normalisation, whatever its state. Safe to repeat.
--
-- ARGV  "replays" or "renormalisations", id

local runs, id = p .. ARGV[1], ARGV[2]
local number = call('ZSCORE', runs .. '_order', id)
if number then
  call('ZREM', runs .. '_due', string.format('%016d', number) .. ' ' .. id)
end
call('ZREM', runs .. '_order', id)
call('ZREM', runs .. '_finished', id)
call('HDEL', runs, id)
