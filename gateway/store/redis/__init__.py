"""The store on Redis or Valkey, which several processes share."""

from gateway.store.redis.store import RedisStore as RedisStore
