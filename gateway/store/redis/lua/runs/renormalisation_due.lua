-- The re-normalisation whose step has been due the longest.
--
-- ARGV  now
-- Returns its record (JSON), or nothing

local member = call('ZRANGEBYSCORE', p .. 'renormalisations_due', '-inf', ARGV[1], 'LIMIT', 0, 1)[1]
return member and call('HGET', p .. 'renormalisations', string.match(member, ' (.*)$'))
