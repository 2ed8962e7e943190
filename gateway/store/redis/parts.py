"""What the store on Redis is made of."""

import os
from collections.abc import Callable
from uuid import UUID

from gateway.clock import Clock
from gateway.store.intake import Intake
from gateway.store.redis.admission import RedisAdmissions
from gateway.store.redis.claims import Claims
from gateway.store.redis.configuration import Configurations
from gateway.store.redis.contact_store import RedisPeople
from gateway.store.redis.delivery_reads import DeliveryReads
from gateway.store.redis.departures import Departures
from gateway.store.redis.element_reads import ElementReads
from gateway.store.redis.emptying import RedisContents
from gateway.store.redis.endpoint_reads import EndpointReads
from gateway.store.redis.erasing import Eraser
from gateway.store.redis.erasures import Erasures
from gateway.store.redis.event_reads import EventReads
from gateway.store.redis.files import Files
from gateway.store.redis.keyed import KeyedRequests
from gateway.store.redis.keys import Keys
from gateway.store.redis.log import Log
from gateway.store.redis.moves import Moves
from gateway.store.redis.outbox import RedisOutbox
from gateway.store.redis.owners import Owners
from gateway.store.redis.ownership import RedisOwnership
from gateway.store.redis.pressing import Pressing
from gateway.store.redis.pruning import Pruning
from gateway.store.redis.quarantine import Quarantine
from gateway.store.redis.redelivery import Redeliveries
from gateway.store.redis.renormalisations import Renormalisations
from gateway.store.redis.replays import Replays
from gateway.store.redis.resealing import Resealing
from gateway.store.redis.runs import Runs
from gateway.store.redis.settlement import Settlements
from gateway.store.redis.shards import Shards
from gateway.store.redis.upgrade import Upgrade
from gateway.store.renormalisation import Renormalisation
from gateway.store.replay import Replay
from gateway.vault import Vault


class Parts:
    """Each does what its name says; all of them over the same shards."""

    def __init__(
        self, shards: Shards, vault: Vault, clock: Clock, new_id: Callable[[], UUID], intake: Intake
    ) -> None:
        keys = Keys(int.from_bytes(os.urandom(2)))
        self.configurations = Configurations(shards, vault)
        self.admissions = RedisAdmissions(shards, (keys, new_id, vault.fingerprints))
        owners = Owners(self.configurations)
        self.upgrade = Upgrade(shards, self.admissions, owners, clock)
        self.outbox = RedisOutbox(shards, self.admissions, owners, intake)
        self.ownership = RedisOwnership(self.configurations, Moves(shards, self.configurations, self.outbox))
        self.claims = Claims(shards)
        self.settlements = Settlements(shards)
        self.keyed = KeyedRequests(shards, vault)
        self.quarantine = Quarantine(shards)
        self.events = EventReads(shards)
        self.deliveries = DeliveryReads(shards, self.events, self.configurations)
        self.endpoints = EndpointReads(shards)
        self.log = Log(shards)
        self.redeliveries = Redeliveries(shards, self.events)
        self.replays = Replays(shards, self.configurations)
        self.replay_runs = Runs(shards, Replay, "replays", lambda one: one.customer_id)
        self.elements = ElementReads(shards)
        self.renormalisations = Renormalisations(shards, self.admissions)
        self.renormalisation_runs = Runs(
            shards, Renormalisation, "renormalisations", lambda one: one.plan.customer_id
        )
        self.resealing = Resealing(shards, self.configurations, self.keyed, vault)
        self.contents = RedisContents(shards)
        self.pruning = Pruning(shards, self.outbox)
        central = (self.quarantine, self.keyed, (self.replay_runs, self.renormalisation_runs))
        eraser = Eraser(shards, self.admissions, self.outbox, central)
        departures = Departures(shards, owners, self.outbox, vault.fingerprints)
        files = Files(shards.connection)
        erasures = Erasures(self.configurations, departures, eraser, files)
        self.people = RedisPeople(shards, self.admissions, owners, clock, erasures)
        self.pressing = Pressing(shards, clock)
