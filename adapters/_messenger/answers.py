"""What a person answers to the business's forms and questions.

Meta, "Customer feedback template", "response_feedback webhook event", and `messaging_customer_information`
in the Page webhooks reference.
"""

from typing import Any

from adapters._messenger import wire
from adapters._messenger.fact import Fact
from adapters._messenger.interactions import told_apart
from adapters._values import with_text_ids
from adapters.parts import Feedback


def messaging_feedback(_: wire.Item, answered: dict[str, Any]) -> Fact:
    """A filled-in feedback form; `questions` in it is keyed by the business's own question ids."""
    body = Feedback(kind="customer", value=with_text_ids(answered))
    return Fact(event="feedback.received", kind="messaging_feedback", parts={"feedback": body})


def response_feedback(item: wire.Item, given: wire.ResponseFeedback) -> Fact:
    """A thumb up or down under a message of the business."""
    return Fact(
        event="feedback.received",
        kind="response_feedback",
        parts={"feedback": Feedback(kind="response", value=given.feedback, message_id=given.mid or None)},
        ids=told_apart(item, given.mid, given.feedback),
    )


def messaging_customer_information(_: wire.Item, answered: dict[str, Any]) -> Fact:
    """A form inside the thread: address, phone number and the like."""
    return Fact(
        event="contact.information_received",
        kind="messaging_customer_information",
        parts={"information": with_text_ids(answered)},
    )
