"""What Messenger's and Instagram's error numbers mean. Meta, "Messenger Platform: Common Error Codes"."""

from adapters._graph.meaning import (
    GRAPH,
    Meaning,
    Meanings,
    denied,
    done_before,
    forbidden,
    invalid,
    limited,
    passing,
    unreachable,
)

_CLOSED = unreachable("outside_window", "Outside the window in which the account may write")
_BLOCKED = unreachable("blocked_by_user", "The person cannot receive messages of this account")
_STRANGER = unreachable("psid_invalid", "No such person for this account")
_HELD = Meaning(code="permission", title="Another app holds the thread", scope="recipient")
_MEDIA = passing("The media could not be fetched")

ERRORS: Meanings = {
    **GRAPH,
    (2, 2018344): denied("The terms for Page contacts have not been accepted"),
    (4, 2018354): Meaning(
        code="policy", title="A marketing message so soon is not allowed", scope="recipient"
    ),
    (9, 2018352): limited("Too many requests to opt in"),
    (10, 2018278): _CLOSED,
    (10, 2018065): _CLOSED,
    (10, 2534022): _CLOSED,
    (10, 2018108): _BLOCKED,
    (10, 1893015): unreachable("opted_out", "The person has stopped these notifications"),
    (10, 1893063): forbidden("The Page may not send for a time"),
    (10, 1404170): forbidden("The Page may not ask for marketing messages"),
    (10, 2018336): unreachable("policy", "The feature is limited in this thread"),
    (10, 2534077): denied("The link between Instagram and the Page is broken, or two-factor login is due"),
    (100, 2018001): _STRANGER,
    (100, 2534014): _STRANGER,
    (100, 2018008): _MEDIA,
    (100, 2018294): _MEDIA,
    (100, 2018047): invalid("The media is not of the type that was said"),
    (100, 2018109): invalid("The media is too large"),
    (100, 2018074): invalid("The attachment id is wrong"),
    (100, 2018014): invalid("A message and a sender action in one request"),
    (100, 2534013): denied("The Page has no Instagram account linked to it"),
    (100, 2534015): invalid("The message cannot be read"),
    (100, 2534025): invalid("The comment cannot be answered privately"),
    (100, 2534029): forbidden("The account may not use Instagram messaging"),
    (100, 2534037): _HELD,
    (100, 2018300): _HELD,
    (100, 2018321): _HELD,
    (100, 2018164): denied("The app id is wrong"),
    (200, 1545041): _BLOCKED,
    (200, 2018028): denied("pages_messaging has not been approved"),
    (200, 2018027): denied("Sending to telephone numbers has not been approved"),
    (200, 2018021): denied("Sending to telephone numbers has not been approved"),
    (200, 2534041): denied("The owner of the Instagram account has switched off access to messages"),
    (230, None): unreachable("permission", "The person has not allowed it"),
    (551, None): unreachable("psid_invalid", "The person is not available"),
    (551, 1545041): unreachable("psid_invalid", "The person is not available"),
    (613, 2534040): limited("Too many messages"),
    (613, 2018338): limited("Too many messages with a tag; Meta calls it abuse"),
    (613, 1893016): done_before("The person has been asked about this topic already"),
    (1200, None): passing("Temporary failure of sending"),
    (2022, None): denied("Commerce messages are switched off"),
    (10303, None): invalid("The token for account linking is wrong"),
    (10900, None): done_before("The comment has been answered privately already"),
    (10903, None): unreachable("policy", "This comment cannot be answered privately"),
    (10904, None): denied("The Page has switched off its messages"),
    (36103, None): denied("The Instagram account may not use the API yet"),
    (1609005, None): invalid("The link cannot be read"),
    (2018218, None): unreachable("unsupported", "This person has no profile"),
    (2018247, None): denied("The app may not read profiles"),
    (9000001, None): invalid("The message has been deleted, or is too old"),
}
