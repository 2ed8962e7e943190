-- What every script begins with that is about what belongs to no shard.
--
-- KEYS[1]  the prefix; all keys below begin with it:
--
--   facts                     HASH  shards, encryption_check, version (of the configuration), heartbeat,
--                             database (its name, which each shard has too; complete: all of them have had it),
--                             people (1: the records of contacts have their sorted sets)
--   customers api_keys        HASHes  id -> record (JSON)
--   apps accounts endpoints   HASHes  id -> record and its sealed part (MessagePack)
--   pages                     HASH  "<platform>\n<page>" -> "<account>\n<customer>"
--   moves                     HASH  number -> an account, and how far its history has followed it (MessagePack)
--   owners                    HASH  endpoint -> customer; a deleted endpoint stays
--   present                   ZSET  process that delivers, by until when (Redis' own clock, ms)
--   running                   ZSET  the same of all processes
--   changer                   who changes the configuration now
--   keyed:<key>               HASH  fingerprint, begun_at, answer (sealed)
--   keyed                     ZSET  key of a request, by when it was begun
--   upload:<platform>:<id>    which page has uploaded a file, until when that is known (JSON); Redis deletes it
--   quarantined               ZSET  key of an item;  quarantine  HASH  key -> item (MessagePack)
--   quarantine_last           the last of these keys
--   replays                   HASH  id -> record (JSON)
--   replays_order             ZSET  id of a replay, by its number;  replays_last  the last number
--   renormalisations, renormalisations_order, _last, _due, _finished   the same of re-normalisations
--   replays_due               ZSET  "<number> <id>" of a running replay, by when its next step is due
--   replays_finished          ZSET  id of a replay that ended, by when
--   erasures                  HASH  id -> record (JSON);  erasure_codes  HASH  code -> id
--   erasing                   HASH  id of an erasure that runs -> since when, and its stage (JSON)
--   parked                    HASH  id of one that waits for its person to be known -> its plan (JSON)

local p = KEYS[1]
local call = redis.call

local function text(number)
  return string.format('%.0f', number)
end
