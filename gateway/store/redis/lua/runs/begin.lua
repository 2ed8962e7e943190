-- Keep a run, which is a replay or a re-normalisation; its first step is due at once. Safe to repeat.
--
-- ARGV  "replays" or "renormalisations", id, record (JSON), when it is due

local runs, id = p .. ARGV[1], ARGV[2]
if call('HSETNX', runs, id, ARGV[3]) == 1 then
  local number = string.format('%016d', call('INCR', runs .. '_last'))
  call('ZADD', runs .. '_order', number, id)
  call('ZADD', runs .. '_due', ARGV[4], number .. ' ' .. id)
end
