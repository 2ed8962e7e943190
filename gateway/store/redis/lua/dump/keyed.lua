-- Requests under an `Idempotency-Key`.
--
-- ARGV  keys
-- Returns flat: fingerprint, when it was begun, answer or ""

local found = {}
for _, key in ipairs(ARGV) do
  local fields = call('HMGET', p .. 'keyed:' .. key, 'fingerprint', 'begun_at', 'answer')
  found[#found + 1], found[#found + 2], found[#found + 3] = fields[1], fields[2], fields[3] or ''
end
return found
