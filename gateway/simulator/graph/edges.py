"""Every edge of the simulated graph."""

from collections.abc import Awaitable, Callable
from typing import Any

from gateway.simulator.graph import (
    attachments,
    blocks,
    calls,
    control,
    conversations,
    logins,
    matching,
    media,
    messages_messenger,
    messages_whatsapp,
    objects,
    profiles,
    subscriptions,
)
from gateway.simulator.graph.call import Call
from gateway.simulator.graph.nodes import Node

Edge = Callable[[Call, Node], Awaitable[dict[str, Any]]]

_OF_A_PAGE: dict[tuple[str, str], Edge] = {
    ("POST", "messages"): messages_messenger.send,
    ("POST", "message_attachments"): attachments.upload,
    ("GET", "conversations"): conversations.conversations,
    ("POST", "subscribed_apps"): subscriptions.install,
    ("GET", "subscribed_apps"): subscriptions.installed,
    ("DELETE", "subscribed_apps"): subscriptions.uninstall,
    ("POST", "pass_thread_control"): control.give,
    ("POST", "take_thread_control"): control.take,
    ("POST", "request_thread_control"): control.request,
    ("POST", "release_thread_control"): control.release,
    ("POST", "extend_thread_control"): control.extend,
    ("GET", "thread_owner"): control.owner,
}
EDGES: dict[str, dict[tuple[str, str], Edge]] = {
    "page": _OF_A_PAGE | {("GET", ""): objects.page},
    "instagram": _OF_A_PAGE | {("GET", ""): objects.instagram},
    "number": {
        ("GET", ""): objects.number,
        ("POST", ""): subscriptions.configure_number,
        ("POST", "messages"): messages_whatsapp.send,
        ("POST", "media"): media.upload,
        ("POST", "calls"): calls.act,
        ("GET", "call_permissions"): calls.permissions,
        ("POST", "block_users"): blocks.block,
        ("DELETE", "block_users"): blocks.unblock,
        ("GET", "block_users"): blocks.blocked,
    },
    "waba": {
        ("GET", ""): objects.waba,
        ("GET", "phone_numbers"): objects.phone_numbers,
        ("POST", "subscribed_apps"): subscriptions.install_on_waba,
        ("GET", "subscribed_apps"): subscriptions.installed_on_waba,
        ("DELETE", "subscribed_apps"): subscriptions.uninstall,
    },
    "media": {("GET", ""): media.show, ("DELETE", ""): media.remove},
    "person": {("GET", ""): profiles.show, ("GET", "ids_for_apps"): matching.ids_for_apps},
    "asid": {("GET", "ids_for_pages"): matching.ids_for_pages},
    "thread": {("GET", ""): conversations.thread, ("GET", "messages"): conversations.messages},
    "message": {("GET", ""): conversations.message},
    "app": {
        ("POST", "subscriptions"): subscriptions.subscribe,
        ("GET", "subscriptions"): subscriptions.subscribed,
        ("DELETE", "subscriptions"): subscriptions.unsubscribe,
    },
    "user": {("GET", "accounts"): logins.accounts},
    "business": {
        ("GET", "owned_whatsapp_business_accounts"): logins.wabas,
        ("GET", "client_whatsapp_business_accounts"): logins.clients,
    },
}
"""By the kind of object, then by method and edge."""

OF_NOBODY: dict[str, Callable[[Call], Awaitable[dict[str, Any]]]] = {
    "debug_token": logins.debug,
    "refresh_access_token": logins.refresh,
    "access_token": logins.exchange,
    "oauth/access_token": logins.exchange,
}
"""Paths that name no object."""
