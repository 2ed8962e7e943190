-- What is open for an endpoint.
--
-- ARGV  endpoint
-- Returns {not tried, tried, the first moment at which one can be claimed or ""}

local endpoint = ARGV[1]
local counts = call('HMGET', p .. 'counts', endpoint .. ' pending', endpoint .. ' failed')
local first = earlier(first_of('untried:', endpoint), first_of('tried:', endpoint))
return {tonumber(counts[1] or 0), tonumber(counts[2] or 0), first or ''}
