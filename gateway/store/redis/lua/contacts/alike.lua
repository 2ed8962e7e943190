-- Contacts with an identity that cannot be written to and whose profile looks so.
--
-- ARGV  how it looks, how many at most, the field of its picture in `pictures`
-- Returns flat: key, record; nothing where people of other names have the picture too

if call('HGET', p .. 'pictures', ARGV[3]) == '*' then
  return {}
end
local found = {}
local begin = ARGV[1] .. '\n'
for _, entry in ipairs(call('ZRANGEBYLEX', p .. 'people:looks', '[' .. begin, '[' .. begin .. '\255', 'LIMIT', 0, ARGV[2])) do
  local key = string.match(string.sub(entry, #begin + 1), '^%d+')
  found[#found + 1], found[#found + 2] = key, call('HGET', p .. 'contacts', key)
end
return found
