"""Messenger and Instagram messaging: one dialect, spoken with two accents (`channel`).

    decoding    from bytes to events: the short way (`usual`), or else the general one, which is
    elements    an entry, taken apart into its elements
    reading     an element, given to its reader; `items` lists those of messaging items, which are in
                `message` `attachments` `referral` `interactions` `receipts` `consent` `thread` `answers`
                `account`, and read `wire` types; `changes` holds what those of both platforms share
    fact        what a reader answers
    assembly    the event made of it; `sides` tells who is who

Some items have no public schema and stay `unknown`, with their bytes: `message_context`,
`messaging_integrity`, in-thread lead forms, calls, `marketing_message_delivery_failed`, and what Meta
has withdrawn (`checkout_update`, payments).
"""
