"""The `Outbox` contract on Redis: a message lies in the shard of its page, where its echoes arrive."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import chain

from adapters.outgoing import Recipient
from adapters.sending import SendError
from gateway.store.outgoing import (
    Addressee,
    ConversationFilter,
    Message,
    MessageFilter,
    Queued,
    SendJob,
    SendOutcome,
    SendSettlement,
    StoredConversation,
    StoredMessage,
)
from gateway.store.records import Page, PageRequest, Route
from gateway.store.redis.addressees import Addressees
from gateway.store.redis.admission import RedisAdmissions
from gateway.store.redis.configuration import Configurations
from gateway.store.redis.conversation_reads import ConversationReads
from gateway.store.redis.keys import first_key
from gateway.store.redis.outgoing_reads import OutgoingReads
from gateway.store.redis.sending import ShardSending
from gateway.store.redis.shards import Shards


class RedisOutbox:
    """Part of an open `RedisStore`."""

    def __init__(self, shards: Shards, admissions: RedisAdmissions, configurations: Configurations) -> None:
        self._shards = shards
        self._each = [ShardSending(shards, shard, one) for shard, one in enumerate(admissions.each)]
        self._reads = OutgoingReads(shards)
        self._conversations = ConversationReads(shards, configurations)
        self._addressees = Addressees(shards, configurations)
        self.conversation = self._conversations.one
        self.conversations = self._conversations.list
        self.message = self._reads.one
        self.messages = self._reads.list
        self.addressee = self._addressees.find
