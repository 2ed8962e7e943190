"""Graph's errors: `{"error": {message, type, code, error_subcode, error_data, fbtrace_id}}`.

Meta, "Messenger Platform: Common Error Codes", "WhatsApp: Error codes", "Graph API: Error handling".
Messenger and Instagram answer nearly everything with HTTP 400; WhatsApp prints a status for each code.
"""

from typing import Any

BAD_REQUEST = 400
TOKEN = 190

MESSENGER = {
    (1, 0): "An unknown error occurred",
    (2, 0): "An unexpected error has occurred. Please retry your request later.",
    (4, 0): "Application request limit reached",
    (10, 2018278): "This message is sent outside of allowed window.",
    (10, 2534022): "This message is sent outside of allowed window.",
    (10, 2018108): "This person can't receive messages from this business right now.",
    (10, 1893015): "The user has stopped notification messages on this topic.",
    (10, 1893063): "This Page is temporarily restricted from sending messages.",
    (32, 0): "Page request limit reached",
    (100, 0): "Invalid parameter",
    (100, 2018001): "No matching user found",
    (100, 2018014): "Only one of message and sender_action may be sent",
    (100, 2018047): "Upload attachment failure: type mismatch",
    (100, 2018074): "Invalid attachment id",
    (100, 2018247): "Insufficient permission to access user profile.",
    (100, 2018300): "Another app is controlling this thread now.",
    (100, 2534014): "No matching Instagram user.",
    (100, 2534015): "Invalid message data",
    (100, 2534025): "This comment cannot be answered in private.",
    (100, 2534037): "This app is not the owner of the thread.",
    (200, 0): "Permissions error",
    (200, 1545041): "This person isn't available right now.",
    (200, 2018028): "Cannot message users who have no role in the app until pages_messaging is approved.",
    (230, 0): "User consent is required to access user profile",
    (368, 0): "The action attempted has been deemed abusive or is otherwise disallowed",
    (551, 1545041): "This person isn't available right now.",
    (613, 0): "Calls to this api have exceeded the rate limit.",
    (1200, 0): "Temporary send message failure. Please try again later.",
    (2018218, 0): "Profile information is not available for this user",
    (9000001, 0): "This message has been deleted",
    (10900, 0): "Activity already replied to",
    (10903, 0): "This user cant reply to this activity",
}
"""By code and subcode."""

WHATSAPP = {
    0: (401, "AuthException"),
    1: (400, "API Unknown"),
    2: (503, "API Service"),
    3: (500, "API Method"),
    4: (400, "API Too Many Calls"),
    10: (403, "Permission Denied"),
    33: (400, "Parameter value is not valid"),
    100: (400, "Invalid parameter"),
    200: (403, "API Permission"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "Rate limit issues"),
    130403: (400, "Business has blocked this user"),
    130429: (400, "Rate limit hit"),
    130472: (400, "User's number is part of an experiment"),
    130497: (403, "Business account is restricted from messaging users in this country"),
    131000: (500, "Something went wrong"),
    131005: (403, "Access denied"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (500, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131031: (403, "Account has been locked"),
    131042: (400, "Business eligibility payment issue"),
    131045: (500, "Incorrect certificate"),
    131047: (400, "Re-engagement message"),
    131048: (400, "Spam rate limit hit"),
    131049: (400, "Meta chose not to deliver"),
    131050: (400, "User has stopped marketing messages"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131057: (500, "Account in maintenance mode"),
    131062: (400, "BSUID recipients are not supported for this message"),
    132000: (400, "Template Param Count Mismatch"),
    132001: (404, "Template does not exist"),
    132005: (400, "Template Hydrated Text Too Long"),
    132007: (400, "Template Format Character Policy Violated"),
    132012: (400, "Template Parameter Format Mismatch"),
    132015: (400, "Template is Paused"),
    132016: (400, "Template is Disabled"),
    133010: (400, "Phone number Not Registered"),
    137000: (400, "Identity key check failed"),
    138006: (400, "No approved call permission from the recipient"),
    139100: (400, "Failed to block/unblock some users"),
}
"""By code: HTTP status and title."""


class GraphError(Exception):
    """A call that Graph refuses."""

    def __init__(
        self, message: str, code: int, subcode: int = 0, *, status: int = BAD_REQUEST, details: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.subcode = subcode
        self.status = status
        self.details = details
        self.type = "OAuthException"

    def body(self, trace: str) -> dict[str, Any]:
        """The answer; `trace` is what Meta's support asks for."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error | {"fbtrace_id": trace}}


def messenger(code: int, subcode: int = 0, message: str = "") -> GraphError:
    """An error of Messenger, Instagram or Graph itself."""
    text = message or MESSENGER.get((code, subcode)) or MESSENGER.get((code, 0), "Unknown error")
    return GraphError(f"(#{code}) {text}", code, subcode)


def whatsapp(code: int, details: str = "") -> GraphError:
    """An error of the WhatsApp edges."""
    status, title = WHATSAPP.get(code, (BAD_REQUEST, "Something went wrong"))
    return GraphError(f"(#{code}) {title}", code, status=status, details=details or title)


def unknown_object(method: str, id: str) -> GraphError:
    """What Graph says where an object is missing, or the token may not know of it."""
    error = GraphError(
        f"Unsupported {method.lower()} request. Object with ID '{id}' does not exist, cannot be loaded due "
        "to missing permissions, or does not support this operation",
        100,
        33,
    )
    error.type = "GraphMethodException"
    return error


def unknown_path(path: str) -> GraphError:
    """An edge that does not exist."""
    return GraphError(f"Unknown path components: /{path}", 2500)


def bad_token(subcode: int, status: int) -> GraphError:
    """The token has ended; the subcode says how."""
    reasons = {
        458: "Error validating access token: The user has not authorized application.",
        460: "Error validating access token: The session has been invalidated because the user changed their "
        "password or Facebook has changed the session for security reasons.",
        463: "Error validating access token: Session has expired.",
    }
    message = reasons.get(subcode, "The access token is invalid.")
    return GraphError(message, 190, subcode, status=status)
