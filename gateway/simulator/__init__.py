"""A Meta that runs on your laptop: the Graph API, signed webhooks, people, time and trouble.

    meta = Meta(seed=1)
    page, anna = meta.add_page(), meta.add_person("anna")
    async with serving(meta) as url:                       # the Graph API is at f"{url}/v25.0"
        await meta.subscribe("facebook", "http://127.0.0.1:8080/webhooks/facebook", verify_token)
        await Acts(meta).sends("anna", page.id, "Hello!")  # posted, signed with meta.app.secret
        meta.received_by("anna")                           # what your program has answered

Written from Meta's documentation alone: it imports nothing of the gateway but its clock, so that a
misreading there is not repeated here.
"""

from gateway.simulator.acts import Acts
from gateway.simulator.faults import Fault
from gateway.simulator.meta import Meta, Refused
from gateway.simulator.numbers import Template
from gateway.simulator.serving import serving
from gateway.simulator.webhooks.kinds import KINDS

__all__ = ["KINDS", "Acts", "Fault", "Meta", "Refused", "Template", "serving"]
