"""What the reference says before it lists anything."""

INTRODUCTION = """\
Webhooks of Messenger, Instagram and WhatsApp in; one normalised, signed event out.

Keys. Send `Authorization: Bearer <key>`. A customer's key sees only what is that customer's: anything else
answers 404, as if it did not exist. A key has scopes: `read` for looking, `write` for configuring and
redelivering, `send` for messages, `admin` for all of them. The operator's key sees everything and acts for
the customer `default` unless `customer_id` is given.

Lists answer `{"data": […], "next_cursor": …}`, newest first; `order=asc` turns that round. To read on, repeat
the request with `cursor` set to `next_cursor` until that is null.

Times are Unix seconds; a name that ends in `_ms` counts milliseconds. Ids are strings.

Bodies are JSON of at most 1 MiB, or a file where one is uploaded. A field that is not known is refused, and
so is a parameter: a misspelt option never goes unnoticed. In answers, ignore what you do not know: fields
are added, never renamed, retyped or removed. A key that does not apply to an event is absent, never null.

Send `Idempotency-Key` with a POST, a new one for each thing that you want done, and repeat the request under
the same key if you got no answer: the same query and body are answered as before, with
`Idempotent-Replayed: true`, and nothing is done again. Another query or body is `idempotency_key_reused`; a
request that has no answer yet is `idempotency_key_in_use`. Answers below 500 are kept for 24 hours; a 5xx
frees the key. If the gateway died over a request, its key stays in use: look what there is, then take a new
key. Every answer has a `request-id`.

Problems are `application/problem+json` (RFC 9457). Decide by `code`; `errors` names the fields at fault.
"""
