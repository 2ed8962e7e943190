-- Read records for a decision. The contact that an identity or an id names comes with it.
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
  end
end
return cmsgpack.pack(found)
