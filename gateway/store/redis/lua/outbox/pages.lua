-- Pages with something to send, and when the first of it is due. A page without anything is forgotten.
--
-- Returns flat: "<platform> <page>", the first moment

local found = {}
for _, page in ipairs(call('ZRANGE', p .. 'outgoing_pages', 0, -1)) do
  local first = call('ZRANGE', p .. 'outgoing_due:' .. page, 0, 0, 'WITHSCORES')[2]
  if first then
    found[#found + 1], found[#found + 2] = page, first
  else
    call('ZREM', p .. 'outgoing_pages', page)
  end
end
return found
