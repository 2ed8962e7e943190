-- Whose an identity is.
--
-- ARGV  the name of the identity
-- Returns {key, record, consents or "", profile of the identity or ""}, or nothing

local key = call('HGET', p .. 'identities', ARGV[1])
local record = key and call('HGET', p .. 'contacts', key)
if not record then
  return {}
end
return {key, record, call('HGET', p .. 'consents', key) or '', call('HGET', p .. 'profiles', ARGV[1]) or ''}
