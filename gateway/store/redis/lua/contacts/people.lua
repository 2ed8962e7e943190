-- Contacts with all that hangs on them.
--
-- ARGV  ids of contacts
-- Returns (MessagePack) for each that is known here
--   {the id that was asked for, key, record, consents or false, conversations, profiles, pages}
--      conversations  flat: id, record
--      profiles       flat: name of an identity, record
--      pages          flat: number, "<platform>\n<page id>"

local function conversations_of(row)
  local found = {}
  for _, id in pairs(row[6]) do
    found[#found + 1], found[#found + 2] = id, call('HGET', p .. 'conversations', id)
  end
  return found
end

local function profiles_of(row)
  local found = {}
  for _, identity in ipairs(row[5]) do
    local name = table.concat({row[7], identity[1], identity[3], identity[2]}, '\n')
    local profile = call('HGET', p .. 'profiles', name)
    if profile then
      found[#found + 1], found[#found + 2] = name, profile
    end
  end
  return found
end

local function pages_of(row)
  local found = {}
  for page in pairs(row[6]) do
    found[#found + 1], found[#found + 2] = page, call('HGET', p .. 'pages', page)
  end
  return found
end

local people = {}
for _, id in ipairs(ARGV) do
  local key = call('HGET', p .. 'contact_ids', id)
  local record = key and call('HGET', p .. 'contacts', key)
  if record then
    local row = cjson.decode(record)
    people[#people + 1] = {
      id, key, record, call('HGET', p .. 'consents', key), conversations_of(row), profiles_of(row), pages_of(row),
    }
  end
end
return cmsgpack.pack(people)
