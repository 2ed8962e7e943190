-- An event by its id.
--
-- ARGV  bucket and field under which the id is remembered
-- Returns {key, event}, or nothing

for _, period in ipairs(call('ZREVRANGE', p .. 'periods', 0, -1)) do
  local key = call('HGET', p .. 'seen:' .. period .. ':' .. ARGV[1], ARGV[2])
  local event = key and key ~= '' and call('GET', p .. 'event:' .. key)
  if event then
    return {key, event}
  end
end
return {}
