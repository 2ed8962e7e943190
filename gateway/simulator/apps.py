"""Meta apps: who signs, and where webhooks of each object go."""

from msgspec import Struct, field

MESSENGER_FIELDS = (
    "business_integrity", "feed", "inbox_labels", "leadgen", "mention", "message_deliveries",
    "message_echoes", "message_edits", "message_reactions", "message_reads", "messages",
    "messaging_account_linking", "messaging_customer_information", "messaging_feedback",
    "messaging_game_plays", "messaging_handovers", "messaging_optins", "messaging_policy_enforcement",
    "messaging_postbacks", "messaging_referrals", "messenger_template_status_update", "ratings",
    "response_feedback", "send_cart", "standby",
)  # fmt: skip
INSTAGRAM_FIELDS = (
    "comments", "live_comments", "mentions", "message_edits", "message_reactions", "messages",
    "messaging_handover", "messaging_optins", "messaging_postbacks", "messaging_referral",
    "messaging_seen", "standby", "story_insights",
)  # fmt: skip
WHATSAPP_FIELDS = (
    "account_alerts", "account_review_update", "account_settings_update", "account_update",
    "automatic_events", "business_capability_update", "business_username_update", "calls",
    "consumer_profile", "flows", "group_lifecycle_update", "group_participants_update",
    "group_settings_update", "group_status_update", "history", "message_echoes",
    "message_template_components_update", "message_template_quality_update",
    "message_template_status_update", "messages", "messaging_handovers", "partner_solutions",
    "payment_configuration_update", "phone_number_name_update", "phone_number_quality_update",
    "security", "smb_app_state_sync", "smb_message_echoes", "standby", "template_category_update",
    "user_id_update", "user_preferences",
)  # fmt: skip
FIELDS = {
    "page": MESSENGER_FIELDS,
    "instagram": INSTAGRAM_FIELDS,
    "whatsapp_business_account": WHATSAPP_FIELDS,
}
"""What an app can subscribe to, by the `object` of the envelope."""


class Subscription(Struct, kw_only=True):
    """One object of an app: where its webhooks go."""

    callback_url: str
    fields: frozenset[str]
    active: bool = True


class App(Struct, kw_only=True):
    """A Meta app. The product for Instagram Login has an id-independent secret of its own."""

    id: str
    name: str
    secret: str
    instagram_secret: str
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    """By the `object` of the envelope."""
    requires_proof: bool = False
    """App setting "Require App Secret": calls need `appsecret_proof`."""

    @property
    def token(self) -> str:
        """The app access token."""
        return f"{self.id}|{self.secret}"
