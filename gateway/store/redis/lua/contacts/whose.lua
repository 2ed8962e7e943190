-- Contacts by their ids, or by their identities.
--
-- ARGV[1]  (MessagePack) {ids of contacts, names of identities, "<value>\n<kind>\n" of identities of any scope}
-- Returns flat: record; the same one perhaps more than once

local wanted, found = cmsgpack.unpack(ARGV[1]), {}

local function add(key)
  found[#found + 1] = key and call('HGET', p .. 'contacts', key) or nil
end

for _, id in ipairs(wanted[1]) do
  add(call('HGET', p .. 'contact_ids', id))
end
for _, name in ipairs(wanted[2]) do
  add(call('HGET', p .. 'identities', name))
end
for _, value in ipairs(wanted[3]) do
  for _, member in ipairs(call('ZRANGEBYLEX', p .. 'people:values', '[' .. value, '(' .. value .. '\255')) do
    add(string.match(member, '\n(%d+) [^\n]*$'))
  end
end
return found
