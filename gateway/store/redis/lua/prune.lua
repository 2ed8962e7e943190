-- Delete the oldest events, with all that hangs on them.
--
-- ARGV  the key before which events are too old, how many at most
-- Returns how many were deleted

local lines = {}

local function remove_deliveries(key)
  for _, endpoint in ipairs(call('HKEYS', p .. 'deliveries:' .. key)) do
    if not string.find(endpoint, ' ', 1, true) then
      local delivery = load(key, endpoint)
      count(endpoint, delivery, -1)
      dequeue(key, endpoint, delivery)
      leave_line(key, endpoint, delivery)
      call('ZREM', p .. 'of:' .. endpoint, key)
      call('ZREM', p .. 'dead:' .. endpoint, key)
      if delivery[LINE] and delivery[STAGE] <= BEHIND then
        lines[endpoint .. '\n' .. delivery[LINE]] = true
      end
    end
  end
  call('UNLINK', p .. 'deliveries:' .. key)
end

local members = call('ZRANGEBYSCORE', p .. 'events', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(members) do
  local key = string.match(member, '^%d+')
  local customers, conversation = header(key)
  call('ZREM', p .. 'events', member)
  call('ZREM', p .. 'customer:', member)
  for customer in string.gmatch(customers or '', '%S+') do
    call('ZREM', p .. 'customer:' .. customer, member)
  end
  if conversation and conversation ~= '' then
    call('ZREM', p .. 'conversation:' .. conversation, member)
  end
  remove_deliveries(key)
  call('UNLINK', p .. 'event:' .. key)
  call('ZREM', p .. 'late_elements', key)
  call('ZREM', p .. 'emptying', key)
  call('ZREM', p .. 'late_attempts', key)
end
-- Who waited behind a delivery that is gone has nobody before it now.
for name in pairs(lines) do
  release(string.match(name, '^(.-)\n(.*)$'))
end
refresh()
return #members
