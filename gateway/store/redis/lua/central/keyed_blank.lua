-- Forget an answer; the request stays known, so that it is not done twice. Safe to repeat.
--
-- ARGV  key, the answer as it was

local name = p .. 'keyed:' .. ARGV[1]
if call('HGET', name, 'answer') == ARGV[2] then
  call('HDEL', name, 'answer')
end
