-- Read records for a decision. With an identity or an id comes the contact that it names, with a line or a
-- range the outgoing messages in it.
--
-- ARGV[1]  (MessagePack) flat: hash, field
-- Returns (MessagePack) flat: hash, field, value or false

local wanted, found = cmsgpack.unpack(ARGV[1]), {}

local function add(hash, field)
  local value = value_of(hash, field)
  found[#found + 1], found[#found + 2], found[#found + 3] = hash, field, value
  return value
end

for i = 1, #wanted, 2 do
  local value = add(wanted[i], wanted[i + 1])
  if (wanted[i] == 'identities' or wanted[i] == 'contact_ids') and value then
    add('contacts', value)
  elseif wanted[i] == 'outgoing_lines' and value then
    for _, id in ipairs(cjson.decode(value)[2]) do
      add('outgoing', id)
    end
  elseif wanted[i] == 'ranges' and value then
    for id in string.gmatch(value, '[^\n]+') do
      add('outgoing', id)
    end
  end
end
return cmsgpack.pack(found)
