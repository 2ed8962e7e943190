-- Who has an identity, whatever its scope, and the conversation with a page.
--
-- ARGV  platform, kind, value, number of the page
-- Returns flat: contact, id of the conversation or "", conversation or ""

local found, begin = {}, ARGV[3] .. '\n' .. ARGV[2] .. '\n'
for _, entry in ipairs(call('ZRANGEBYLEX', p .. 'people:values', '[' .. begin, '[' .. begin .. '\255')) do
  local key, platform = string.match(string.sub(entry, #begin + 1), '^(%d+) (%S+)$')
  local record = platform == ARGV[1] and call('HGET', p .. 'contacts', key)
  if record then
    local id = cjson.decode(record)[6][ARGV[4]]
    found[#found + 1], found[#found + 2] = record, id or ''
    found[#found + 1] = id and call('HGET', p .. 'conversations', id) or ''
  end
end
return found
