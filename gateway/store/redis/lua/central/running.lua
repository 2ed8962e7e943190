-- Which processes use this database now.
--
-- Returns processes

local clock = call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
return call('ZRANGEBYSCORE', p .. 'running', '(' .. text(now), '+inf')
