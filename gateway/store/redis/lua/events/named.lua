-- The key of a member of a list, if its event has this name (or "family.*"), platform and page; "" is any.

local function is_named(its_name, name)
  local family = string.match(name, '^(.*%.)%*$')
  return name == '' or name == its_name or (family and string.sub(its_name, 1, #family) == family)
end

local function named(member, name, platform, page)
  local key, its_name, its_platform, its_page = string.match(member, '^(%d+) (%S+) (%S*) (.*)$')
  local fits = is_named(its_name, name) and (platform == '' or platform == its_platform)
    and (page == '' or page == its_page)
  return fits and key or nil
end
