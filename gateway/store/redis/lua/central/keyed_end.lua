-- Keep the answer to a request, or forget the request. Safe to repeat.
--
-- ARGV  key, answer or ""

local name = p .. 'keyed:' .. ARGV[1]
if ARGV[2] == '' then
  call('DEL', name)
  call('ZREM', p .. 'keyed', ARGV[1])
elseif call('EXISTS', name) == 1 then
  call('HSET', name, 'answer', ARGV[2])
end
