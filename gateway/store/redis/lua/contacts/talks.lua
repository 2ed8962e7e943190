-- Conversations with what is known of those in them.
--
-- ARGV  ids
-- Returns flat, of those that are here: id, parties, conversation, "<platform>\n<page id>" or "", contact or ""

local found = {}
for _, id in ipairs(ARGV) do
  local parties = call('HGET', p .. 'parties', id)
  if parties then
    local page, partner = string.match(parties, '^%[%d+,(%d+),(%d*)')
    local values = {
      id, parties, call('HGET', p .. 'conversations', id), call('HGET', p .. 'pages', page) or '',
      call('HGET', p .. 'contacts', partner) or '',
    }
    for _, value in ipairs(values) do
      found[#found + 1] = value
    end
  end
end
return found
