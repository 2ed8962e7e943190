"""Writes what the documents take from the code anew: `python -m tests.docs.regenerate`."""

import re

from tests.docs import sending
from tests.docs.catalogue import page
from tests.docs.snippets import PAGE, with_snippets
from tests.docs.test_pages import ROOT, settings_table


def main() -> None:
    """docs/events.md, docs/sending.md, the snippets of docs/verifying.md, the README's settings table."""
    (ROOT / "docs" / "events.md").write_text(page(), encoding="utf-8")
    (ROOT / "docs" / "sending.md").write_text(sending.page(), encoding="utf-8")
    PAGE.write_text(with_snippets(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    table = f"<!-- settings -->\n{settings_table()}\n<!-- /settings -->"
    changed = re.sub("<!-- settings -->.*<!-- /settings -->", lambda _: table, text, flags=re.DOTALL)
    readme.write_text(changed, encoding="utf-8")


if __name__ == "__main__":
    main()
