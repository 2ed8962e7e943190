"""What events have in common, so that compressing one of them does not have to say it again.

What is stored can be read only with the very same bytes: never change dictionary.txt, add a second one.
"""

from importlib.resources import files

DICTIONARY = (files(__package__) / "dictionary.txt").read_bytes()
