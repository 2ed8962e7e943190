-- Events that a customer comes by late.

-- Those behind it may have been noted as events whose contents go early: then it is noted too.
local function note(key, customer)
  if tonumber(key) <= tonumber(call('HGET', p .. 'emptying_from', customer) or 0) then
    call('ZADD', p .. 'emptying', key, key)
  end
end

-- What nobody had belongs to this customer.
local function give(key, customer)
  local name = p .. 'event:' .. key
  local member = call('ZRANGEBYSCORE', p .. 'events', key, key)[1]
  call('SET', name, customer .. call('GET', name))
  call('ZREM', p .. 'customer:', member)
  call('ZADD', p .. 'customer:' .. customer, key, member)
  note(key, customer)
end
