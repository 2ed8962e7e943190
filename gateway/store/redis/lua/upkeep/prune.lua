-- Delete the oldest events, with all that hangs on them; needs `events/remove`.
--
-- ARGV  the key before which events are too old, how many at most
-- Returns how many were deleted

local members = call('ZRANGEBYSCORE', p .. 'events', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(members) do
  remove(string.match(member, '^%d+'))
end
release_lines()
refresh()
return #members
