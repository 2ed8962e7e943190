"""Sending on Messenger and Instagram.

    accent       what tells the two apart
    route        host and node: which Page or account speaks
    recipient    whom it speaks to
    rendering    from message to `message` objects: `wording` `attachment` `template`
    action       what is no message: typing, read, reactions, thread control
    request      all of it together
    errors       what Meta's numbers mean

Meta, "Messenger Platform: Send API" and "Instagram Messaging: Send a Message".
"""
