-- What is kept of an upload; nothing where none is known.
--
-- ARGV  "<platform>:<media>"

return call('GET', p .. 'upload:' .. ARGV[1])
