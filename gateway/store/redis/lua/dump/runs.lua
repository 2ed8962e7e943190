-- The next runs, with when their next steps are due.
--
-- ARGV  "replays" or "renormalisations", the number behind which they come, how many at most
-- Returns flat: number, record (JSON), when its next step is due or ""

local runs, found = p .. ARGV[1], {}
for _, id in ipairs(call('ZRANGEBYSCORE', runs .. '_order', '(' .. ARGV[2], '+inf', 'LIMIT', 0, ARGV[3])) do
  local number = call('ZSCORE', runs .. '_order', id)
  found[#found + 1] = number
  found[#found + 1] = call('HGET', runs, id)
  found[#found + 1] = call('ZSCORE', runs .. '_due', string.format('%016d', number) .. ' ' .. id) or ''
end
return found
