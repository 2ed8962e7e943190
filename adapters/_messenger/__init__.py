"""Messenger and Instagram messaging: one dialect, spoken with two accents (`Channel`).

elements    an entry, taken apart into its elements
wire        what Meta writes, as types
fact        what an element says
items       which reader reads which key of an item; the readers are in the modules beside it
changes     what the `changes` of both platforms share
decoding    from bytes to events
"""
