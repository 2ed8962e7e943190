"""Which app hears what, and where: news become signed envelopes on their way to callbacks."""

from msgspec import Struct

from gateway.simulator.apps import App
from gateway.simulator.chance import Chance
from gateway.simulator.clock import Clock
from gateway.simulator.manner import Manner
from gateway.simulator.notifier import Notification, Notifier
from gateway.simulator.numbers import OVERRIDABLE, Number
from gateway.simulator.pages import InstagramAccount, Page
from gateway.simulator.people import Asset
from gateway.simulator.webhooks import wire
from gateway.simulator.webhooks.envelope import LARGEST_BATCH, News, envelope
from gateway.simulator.webhooks.messenger.threads import on_standby

ON_STANDBY = {"messages", "message_reads", "message_deliveries", "message_echoes", "messaging_postbacks"}
"""The fields whose elements other apps get on standby while one app holds the thread."""


class Callback(Struct, frozen=True):
    """Where an app wants webhooks of one object, and the secret they are signed with."""

    app: str
    object: str
    url: str
    secret: str


class Publisher:
    """Knows the subscriptions on all three layers: callback, fields of the app, asset."""

    def __init__(
        self, apps: dict[str, App], pages: dict[str, Asset], notifier: Notifier, manner: Manner, clock: Clock
    ) -> None:
        self._apps = apps
        self._assets = pages
        self._notifier = notifier
        self._manner = manner
        self._clock = clock
        self._held: list[News] = []
        notifier.on_disabled = self._unsubscribe

    async def publish(self, news: list[News]) -> list[Notification]:
        """Post each as a webhook of its own, and wait for the answers; held back if so wished."""
        if self._manner.hold:
            self._held += news
            return []
        return await self._deliver([made for one in news for made in self.notifications([one])])

    def publish_later(self, news: list[News]) -> None:
        """The same, without waiting."""
        if self._manner.hold:
            self._held += news
            return
        for one in news:
            for made in self.notifications([one]):
                self._notifier.push(made)

    async def release(self, chance: Chance) -> list[Notification]:
        """Post what was held back, in as few envelopes as possible."""
        news, self._held = self._held, []
        if self._manner.shuffle:
            news = chance.shuffled(news)
        batches = [news[start : start + LARGEST_BATCH] for start in range(0, len(news), LARGEST_BATCH)]
        return await self._deliver([made for batch in batches for made in self.notifications(batch)])

    async def _deliver(self, notifications: list[Notification]) -> list[Notification]:
        for notification in notifications:
            await self._notifier.deliver(notification)
        return notifications

    def notifications(self, news: list[News]) -> list[Notification]:
        """The envelopes for every app that wants any of the news, as often as the manner says."""
        wanted: dict[Callback, list[News]] = {}
        for one in news:
            for app in self._apps.values():
                if (heard := self._heard(app, one)) and (callback := self._callback(app, heard)):
                    wanted.setdefault(callback, []).append(heard)
        made = [self._notification(callback, heard) for callback, heard in wanted.items()]
        return [self._again(one) for one in made for _ in range(self._manner.copies)]

    def _notification(self, callback: Callback, news: list[News]) -> Notification:
        now_ms = self._clock.now_ms()
        body = wire.encode(envelope(news, now_ms))
        return Notification(
            app=callback.app,
            object=callback.object,
            assets=tuple(one.asset for one in news),
            url=callback.url,
            body=body,
            signature=wire.signature(body, callback.secret),
            born_ms=now_ms,
        )

    def _again(self, one: Notification) -> Notification:
        return Notification(
            app=one.app,
            object=one.object,
            assets=one.assets,
            url=one.url,
            body=one.body,
            signature=one.signature,
            born_ms=one.born_ms,
        )

    def _heard(self, app: App, news: News) -> News | None:
        """The news as this app gets them: as they are, as a copy on standby, or not at all."""
        element = news.element
        if (
            news.owner
            and news.owner != app.id
            and element.container == "messaging"
            and element.field in ON_STANDBY
        ):
            news = News(news.asset, on_standby(element), news.owner)
        return news if self._subscribed(app, news) else None

    def _subscribed(self, app: App, news: News) -> bool:
        subscription = app.subscriptions.get(news.asset.object)
        if subscription is None or not subscription.active or news.element.field not in subscription.fields:
            return False
        if isinstance(news.asset, Page):
            return news.element.field in news.asset.subscribed.get(app.id, ())
        if isinstance(news.asset, Number):
            return app.id in news.asset.waba.subscribed
        return self._hears_instagram(app, news.asset, news.element.field)

    def _hears_instagram(self, app: App, account: InstagramAccount, field: str) -> bool:
        """Instagram Login installs the app on the account, Facebook Login on the linked Page."""
        if account.page is None:
            return field in account.subscribed.get(app.id, ())
        page = self._assets.get(account.page)
        return isinstance(page, Page) and app.id in page.subscribed

    def _callback(self, app: App, news: News) -> Callback | None:
        asset, subscription = news.asset, app.subscriptions[news.asset.object]
        url, secret = subscription.callback_url, app.secret
        if isinstance(asset, Number) and news.element.field in OVERRIDABLE:
            url = asset.override or asset.waba.subscribed.get(app.id) or url
        if isinstance(asset, InstagramAccount) and asset.page is None:
            secret = app.instagram_secret
        return Callback(app.id, asset.object, url, secret) if url else None

    def _unsubscribe(self, notification: Notification) -> None:
        """Meta takes the app off the Pages and accounts whose webhooks have failed for too long."""
        for asset in notification.assets:
            linked = (
                self._assets.get(asset.page) if isinstance(asset, InstagramAccount) and asset.page else asset
            )
            if isinstance(linked, Page | InstagramAccount):
                linked.subscribed.pop(notification.app, None)
