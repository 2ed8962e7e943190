-- Make an endpoint known to a shard. Safe to repeat.
--
-- ARGV  endpoint, what the shard keeps of it, and for one that pulls: "last", or the key it begins behind

call('HSET', p .. 'endpoints', ARGV[1], ARGV[2])
if ARGV[3] ~= '' then
  local beginning = ARGV[3] == 'last' and (call('GET', p .. 'last') or '0') or ARGV[3]
  call('HSETNX', p .. 'acknowledged', ARGV[1], beginning)
end
