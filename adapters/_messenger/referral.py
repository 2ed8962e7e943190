"""Where a person came from. Meta, "messaging_referrals webhook event" and "Click to Messenger ads"."""

from adapters._messenger import wire
from adapters._values import mapping, text, with_text_ids
from adapters.parts import Referral


def referral(given: wire.Referral) -> Referral:
    """A referral in the words that all channels share; the ad's own data also as Meta gives it."""
    ad = mapping(given.ads_context_data)
    return Referral(
        source=given.source or None,
        type=given.type or None,
        ref=given.ref or None,
        ad_id=given.ad_id or None,
        url=given.referer_uri or None,
        headline=text(ad.get("ad_title")),
        image_url=text(ad.get("photo_url")),
        video_url=text(ad.get("video_url")),
        product=with_text_ids(given.product) or None,
        ads_context=with_text_ids(ad) or None,
    )
