-- Delete a part of what is remembered by period, the oldest period first.
--
-- ARGV  the period before which all are too old, how many entries are enough
-- Returns {how many were deleted, 1 if there may be more}

local BUCKETS, STEP = 65536, 2048
local oldest = call('ZRANGE', p .. 'periods', 0, 0)[1]
if not oldest or tonumber(oldest) >= tonumber(ARGV[1]) then
  return {0, 0}
end
local bucket, deleted = tonumber(call('GET', p .. 'forgotten') or 0), 0
local stop = math.min(bucket + STEP, BUCKETS)
while bucket < stop and deleted < tonumber(ARGV[2]) do
  for _, kind in ipairs({'seen:', 'known:', 'rank:', 'departed:'}) do
    local name = p .. kind .. oldest .. ':' .. string.format('%04x', bucket)
    deleted = deleted + call('HLEN', name)
    call('UNLINK', name)
  end
  bucket = bucket + 1
end
if bucket == BUCKETS then
  call('ZREM', p .. 'periods', oldest)
  call('DEL', p .. 'forgotten')
else
  call('SET', p .. 'forgotten', bucket)
end
return {deleted, 1}
