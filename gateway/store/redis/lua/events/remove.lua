-- Remove events with all that hangs on them.

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

local function remove(key)
  local customers, conversation = header(key)
  call('ZREMRANGEBYSCORE', p .. 'events', key, key)
  call('ZREMRANGEBYSCORE', p .. 'customer:', key, key)
  for customer in string.gmatch(customers or '', '%S+') do
    call('ZREMRANGEBYSCORE', p .. 'customer:' .. customer, key, key)
  end
  if conversation and conversation ~= '' then
    call('ZREMRANGEBYSCORE', p .. 'conversation:' .. conversation, key, key)
  end
  remove_deliveries(key)
  call('UNLINK', p .. 'event:' .. key)
  call('ZREM', p .. 'late_elements', key)
  call('ZREM', p .. 'late_attempts', key)
  call('ZREM', p .. 'emptying', key)
end

-- Who waited behind a delivery that is gone has nobody before it now.
local function release_lines()
  for name in pairs(lines) do
    release(string.match(name, '^(.-)\n(.*)$'))
  end
end
