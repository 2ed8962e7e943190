-- Take the replay whose step has been due the longest, for as long as its step may take.
--
-- ARGV  now, until when nobody else takes it
-- Returns {number and id, record (JSON)}, or nothing

local member = call('ZRANGEBYSCORE', p .. 'replays_due', '-inf', ARGV[1], 'LIMIT', 0, 1)[1]
if not member then
  return {}
end
call('ZADD', p .. 'replays_due', ARGV[2], member)
return {member, call('HGET', p .. 'replays', string.match(member, ' (.*)$'))}
