"""openapi.yaml: what the file at the root of the repository must hold."""

from gateway.api.routes import REFERENCE


def document() -> str:
    """The reference of the whole API as YAML."""
    return REFERENCE.yaml
