"""Requests under an `Idempotency-Key`, with their answers sealed: some show a secret, once."""

import sqlite3
from collections.abc import Callable

import msgspec

from gateway.store.base import WrongEncryptionKey
from gateway.store.keyed import KEYED_MS, EarlierRequest, KeyedAnswer, KeyedRequest
from gateway.vault import Vault, WrongKey

_FIND = "SELECT fingerprint, answer FROM keyed_requests WHERE key = ? AND begun_at > ?"
_BEGIN = "INSERT OR REPLACE INTO keyed_requests (key, fingerprint, begun_at) VALUES (?, ?, ?)"
_ANSWER = "UPDATE keyed_requests SET answer = ? WHERE key = ?"
_ANSWERED = "SELECT key, fingerprint, answer FROM keyed_requests WHERE answer IS NOT NULL"
_BLANK = "UPDATE keyed_requests SET answer = NULL WHERE key = ?"
_FORGET = "DELETE FROM keyed_requests WHERE key = ?"


class KeyedRequests:
    """Used by the writer only."""

    def __init__(self, connection: sqlite3.Connection, vault: Vault) -> None:
        self._execute = connection.cursor().execute
        self._vault = vault

    def begin(self, request: KeyedRequest, now: int) -> EarlierRequest | None:
        """None: it is the first under its key, and remembered as begun."""
        row = self._execute(_FIND, (request.key, now - KEYED_MS)).fetchone()
        if row is None:
            self._execute(_BEGIN, (request.key, request.fingerprint, now))
            return None
        fingerprint, sealed = row
        answer = None if sealed is None else self._opened(request, sealed)
        return EarlierRequest(fingerprint=fingerprint, answer=answer)

    def end(self, request: KeyedRequest, answer: KeyedAnswer | None) -> None:
        """Keep the answer; None: forget the request."""
        if answer is None:
            self._execute(_FORGET, (request.key,))
        else:
            sealed = self._vault.seal(msgspec.json.encode(answer).decode(), answer_context(request.key))
            self._execute(_ANSWER, (sealed, request.key))

    def forget_about(self, names: Callable[[bytes], bool]) -> None:
        """Blank the answers that name somebody. The requests stay known: nothing is done twice."""
        for key, fingerprint, sealed in self._execute(_ANSWERED).fetchall():
            if names(self._opened(KeyedRequest(key=key, fingerprint=fingerprint), sealed).body):
                self._execute(_BLANK, (key,))

    def _opened(self, request: KeyedRequest, sealed: bytes) -> KeyedAnswer:
        try:
            answer = self._vault.open(sealed, answer_context(request.key))
            return msgspec.json.decode(answer, type=KeyedAnswer)
        except WrongKey as error:
            raise WrongEncryptionKey(f"an answer under an Idempotency-Key: {error}") from error


def answer_context(key: bytes) -> str:
    """The place that the answer to a request is sealed for."""
    return f"keyed_requests/{key.hex()}/answer"
