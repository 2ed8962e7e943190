"""The ad or post that a chat began at (click to WhatsApp).

`{"source_url","source_id","source_type":"ad"|"post","headline","body","media_type","image_url",
"video_url","thumbnail_url","ctwa_clid","welcome_message":{"text"}}`; any may be absent, `ctwa_clid` is
for placements in WhatsApp Status. Meta, "Text messages webhook reference".
"""

from adapters._values import with_text_ids
from adapters.parts import Referral
from adapters.whatsapp import wire


def referral(given: wire.Referral) -> Referral:
    """The referral that rides beside a message."""
    advertised = given.source_type != "post"
    context = {
        "post_id": None if advertised else given.source_id or None,
        "welcome_message": with_text_ids(given.welcome_message),
    }
    return Referral(
        source=given.source_type or None,
        ad_id=given.source_id or None if advertised else None,
        ctwa_clid=given.ctwa_clid or None,
        url=given.source_url or None,
        headline=given.headline or None,
        body=given.body or None,
        media_type=given.media_type or None,
        image_url=given.image_url or None,
        video_url=given.video_url or None,
        thumbnail_url=given.thumbnail_url or None,
        ads_context={key: value for key, value in context.items() if value} or None,
    )
