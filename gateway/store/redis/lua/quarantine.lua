-- Keep what could not be read.
--
-- ARGV  the moment, then items

local last = tonumber(call('GET', p .. 'quarantine_last') or 0)
for i = 2, #ARGV do
  last = math.max(last + 1, tonumber(ARGV[1]) * 4096)
  call('ZADD', p .. 'quarantined', last, text(last))
  call('HSET', p .. 'quarantine', text(last), ARGV[i])
end
call('SET', p .. 'quarantine_last', text(last))
