-- Write something small.
--
-- ARGV  now, the name of the database

if call('HGET', p .. 'facts', 'database') ~= ARGV[2] then
  return redis.error_reply('LOST another database, or none')
end
call('HSET', p .. 'facts', 'heartbeat', ARGV[1])
