-- Put emptied events in the place of what they were, if nothing has happened to them; needs `upkeep/shed`.
--
-- ARGV  flat: key, the head it had, the event
-- Returns how many were emptied

local emptied = 0
for i = 1, #ARGV, 3 do
  local key, head = ARGV[i], ARGV[i + 1]
  if not has_open(key) and call('GETRANGE', p .. 'event:' .. key, 0, #head - 1) == head then
    call('SET', p .. 'event:' .. key, ARGV[i + 2])
    call('ZREM', p .. 'emptying', key)
    call('ZREM', p .. 'late_elements', key)
    emptied = emptied + 1
  end
end
return emptied
