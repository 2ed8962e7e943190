"""What WhatsApp's error numbers mean: in answers, on failed statuses, beside values.

Meta, https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from adapters._graph.meaning import (
    GRAPH,
    Meaning,
    Meanings,
    denied,
    forbidden,
    invalid,
    limited,
    passing,
    unreachable,
)

_UNREGISTERED = denied("The number is not registered or not verified")
_PIN = denied("The PIN of the two-step verification is wrong, or was tried too often")
_UNPAID = denied("Something is wrong with the payment method")
_TEMPLATE = invalid("The template and its parameters do not fit")
_GROUP = invalid("The group does not take it")
_HISTORY = Meaning(code="unsupported", title="The history cannot be synchronised", scope="account")
_DAY = 86_400

ERRORS: Meanings = {
    **GRAPH,
    (33, None): denied("The business number has been deleted"),
    (130403, None): unreachable("blocked_by_user", "The account has blocked this person, or they it"),
    (130429, None): limited("Too many messages per second"),
    (130472, None): unreachable("policy", "Meta holds marketing back from this person for an experiment"),
    (130497, None): forbidden("The account may not write to this country"),
    (131000, None): passing("Unknown failure"),
    (131005, None): denied("The permission is missing or was taken away"),
    (131008, None): invalid("A parameter is missing"),
    (131009, None): invalid("A value is wrong"),
    (131016, None): passing("The service is not available"),
    (131020, None): _GROUP,
    (131021, None): invalid("Sender and recipient are the same"),
    (131026, None): unreachable("psid_invalid", "Undeliverable: no WhatsApp, old terms, or an old app"),
    (131030, None): unreachable("permission", "A test number writes to numbers on its list only"),
    (131031, None): forbidden("The account is locked"),
    (131037, None): denied("The display name of the number has not been approved"),
    (131041, None): _GROUP,
    (131042, None): _UNPAID,
    (131044, None): _UNPAID,
    (131045, None): _UNREGISTERED,
    (131047, None): unreachable("outside_window", "More than 24 hours ago: only templates"),
    (131048, None): Meaning(
        code="rate_limited", title="Too many messages were blocked or reported as spam", scope="account"
    ),
    (131049, None): Meaning(
        code="policy",
        title="Meta keeps marketing to this person low",
        scope="recipient",
        retry_after=_DAY,
    ),
    (131050, None): unreachable("opted_out", "The person has stopped marketing messages"),
    (131051, None): Meaning(code="unsupported", title="The type of message is not supported"),
    (131052, None): invalid("The person's media could not be fetched"),
    (131053, None): invalid("The media could not be uploaded"),
    (131056, None): limited("Too many messages to this person", scope="recipient", retry_after=4),
    (131057, None): passing("The account is under maintenance", retry_after=60),
    (131060, None): Meaning(code="unsupported", title="The message is not available"),
    (131062, None): Meaning(
        code="unsupported", title="This message needs a telephone number", scope="recipient"
    ),
    (131063, None): Meaning(code="unsupported", title="Marketing goes through another API", scope="account"),
    (131064, None): Meaning(
        code="rate_limited", title="Limited for templates in a wrong category", scope="account"
    ),
    **{(number, None): _GROUP for number in range(131201, 131216)},
    (131208, None): limited("Too many requests about groups"),
    (132000, None): _TEMPLATE,
    (132001, None): invalid("The template does not exist in this language, or is not approved"),
    (132005, None): invalid("The text is too long once the blanks are filled"),
    (132007, None): Meaning(code="policy", title="The template breaks Meta's policies"),
    (132008, None): _TEMPLATE,
    (132012, None): _TEMPLATE,
    (132015, None): Meaning(code="policy", title="The template is paused for low quality"),
    (132016, None): Meaning(code="policy", title="The template is disabled for good"),
    (132018, None): _TEMPLATE,
    (132068, None): Meaning(code="policy", title="The flow is blocked"),
    (132069, None): limited("The flow may be sent ten times an hour only", scope="message"),
    (133000, None): _UNREGISTERED,
    (133004, None): passing("The server is not available"),
    (133005, None): _PIN,
    (133006, None): _UNREGISTERED,
    (133008, None): _PIN,
    (133009, None): _PIN,
    (133010, None): _UNREGISTERED,
    (133015, None): passing("The number is being deleted", retry_after=300),
    (133016, None): Meaning(code="rate_limited", title="Too many attempts to register", scope="account"),
    (134011, None): denied("The terms for payments have not been accepted"),
    (135000, None): invalid("A parameter is wrong"),
    (137000, None): unreachable("policy", "The person's security code has changed"),
    **{
        (number, None): Meaning(code="unsupported", title="The call is not possible")
        for number in range(138000, 138100)
    },
    (2593107, None): _HISTORY,
    (2593108, None): _HISTORY,
    (2593109, None): _HISTORY,
}
