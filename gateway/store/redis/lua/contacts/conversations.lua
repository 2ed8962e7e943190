-- The first conversations of some pages.
--
-- ARGV  numbers of the pages (MessagePack), or "" for those of a platform and page id ("" for any);
--       platform, page id; from, to; "asc" or "desc"; how many of each page
-- Returns flat: id, key

local platform, page_id, from, to, limit = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[7]
local range = ARGV[6] == 'asc' and 'ZRANGEBYSCORE' or 'ZREVRANGEBYSCORE'

local function named()
  local found, pages = {}, call('HGETALL', p .. 'pages')
  for i = 1, #pages, 2 do
    local its_platform, its_id = string.match(pages[i + 1], '^(.-)\n(.*)$')
    if (platform == '' or platform == its_platform) and (page_id == '' or page_id == its_id) then
      found[#found + 1] = pages[i]
    end
  end
  return found
end

local found = {}
for _, page in ipairs(ARGV[1] ~= '' and cmsgpack.unpack(ARGV[1]) or named()) do
  local some = call(range, p .. 'conversations_of:' .. page, from, to, 'WITHSCORES', 'LIMIT', 0, limit)
  for _, value in ipairs(some) do
    found[#found + 1] = value
  end
end
return found
