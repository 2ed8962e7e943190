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
  call('SET', name, customer .. call('GET', name))
  call('ZREMRANGEBYSCORE', p .. 'customer:', key, key)
  call('ZADD', p .. 'customer:' .. customer, key, key)
  note(key, customer)
end
