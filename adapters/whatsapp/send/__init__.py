"""Sending on WhatsApp.

    recipient    `to` or `recipient`, by the kind of the id
    rendering    from message to the member that its `type` names: `wording` `media` `interactive`
                 `card` `template` `contact`
    receipt      what is no message: read receipts, typing
    request      all of it together
    errors       what Meta's numbers mean

Meta, https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
"""
