-- Begin to change the configuration, unless somebody else does.
--
-- ARGV  process, for how long at most (ms)
-- Returns the version of the configuration; nil: somebody else does

if not call('SET', p .. 'changer', ARGV[1], 'NX', 'PX', ARGV[2]) then
  return false
end
return tonumber(call('HGET', p .. 'facts', 'version') or 0)
