-- Keep a replay; its first step is due at once. Safe to repeat.
--
-- ARGV  id, record (JSON), when it is due

if call('HSETNX', p .. 'replays', ARGV[1], ARGV[2]) == 1 then
  local number = string.format('%016d', call('INCR', p .. 'replays_last'))
  call('ZADD', p .. 'replays_order', number, ARGV[1])
  call('ZADD', p .. 'replays_due', ARGV[3], number .. ' ' .. ARGV[1])
end
