-- Keep what could not be read: the arguments from one to another, of this moment.
local function keep_unreadable(at, first, final)
  local last = tonumber(call('GET', p .. 'quarantine_last') or 0)
  for i = first, final do
    last = math.max(last + 1, tonumber(at) * 4096)
    call('ZADD', p .. 'quarantined', last, text(last))
    call('HSET', p .. 'quarantine', text(last), ARGV[i])
  end
  call('SET', p .. 'quarantine_last', text(last))
end
