-- Which endpoints have something to claim, now or later.
--
-- ARGV  an endpoint, or "" for all of them
-- Returns flat: endpoint, the first moment

if ARGV[1] == '' then
  return call('ZRANGE', p .. 'due', 0, -1, 'WITHSCORES')
end
local moment = call('ZSCORE', p .. 'due', ARGV[1])
return moment and {ARGV[1], moment} or {}
