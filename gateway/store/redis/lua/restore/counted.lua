-- Remember conversations that a month has counted. Safe to repeat.
--
-- ARGV  month, hashes

call('ZADD', p .. 'counted', (string.gsub(ARGV[1], '-', '')), ARGV[1])
for i = 2, #ARGV do
  call('SADD', p .. 'counted:' .. ARGV[1], ARGV[i])
end
