"""What events have in common, so that compressing one of them does not have to say it again.

What is stored can be read only with the very same bytes: never change them, add a second dictionary.
"""

DICTIONARY = b""
