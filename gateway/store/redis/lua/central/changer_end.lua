-- End to change the configuration.
--
-- ARGV  process
-- Returns the version of the configuration

if call('GET', p .. 'changer') == ARGV[1] then
  call('DEL', p .. 'changer')
end
return tonumber(call('HGET', p .. 'facts', 'version') or 0)
