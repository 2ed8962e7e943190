"""What the store on Redis is made of."""

import os
from collections.abc import Callable
from uuid import UUID

from gateway.clock import Clock
from gateway.store.intake import Intake
from gateway.store.redis.central.configuration import Configurations
from gateway.store.redis.central.keyed import KeyedRequests
from gateway.store.redis.central.owners import Owners
from gateway.store.redis.central.quarantine import Quarantine
from gateway.store.redis.central.resealing import Resealing
from gateway.store.redis.erasure.departures import Departures
from gateway.store.redis.erasure.erasing import Eraser
from gateway.store.redis.erasure.erasures import Erasures
from gateway.store.redis.events.claims import Claims
from gateway.store.redis.events.deliveries import DeliveryReads
from gateway.store.redis.events.endpoints import EndpointReads
from gateway.store.redis.events.log import Log
from gateway.store.redis.events.reads import EventReads
from gateway.store.redis.events.redelivery import Redeliveries
from gateway.store.redis.events.settlement import Settlements
from gateway.store.redis.intake.admission import RedisAdmissions
from gateway.store.redis.layout.keys import Keys
from gateway.store.redis.layout.shards import Shards
from gateway.store.redis.outbox.outbox import RedisOutbox
from gateway.store.redis.people import RedisPeople
from gateway.store.redis.runs.elements import ElementReads
from gateway.store.redis.runs.renormalisations import Renormalisations
from gateway.store.redis.runs.replays import Replays
from gateway.store.redis.runs.runs import Runs
from gateway.store.redis.server.files import Files
from gateway.store.redis.upkeep.emptying import RedisContents
from gateway.store.redis.upkeep.moves import Moves
from gateway.store.redis.upkeep.ownership import RedisOwnership
from gateway.store.redis.upkeep.pressing import Pressing
from gateway.store.redis.upkeep.pruning import Pruning
from gateway.store.redis.upkeep.upgrade import Upgrade
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
