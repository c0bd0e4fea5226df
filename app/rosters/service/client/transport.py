"""Asking a register, one answer at a time: signed in, within limits, again when it may help, and never elsewhere."""

import json
import logging
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Final, Self
from urllib.parse import quote

import httpx

from app.kernel import clock
from app.rosters.service.client.connection import Connection, Limits, RegisterFailed
from app.rosters.service.client.patience import Patience
from app.rosters.types.fetching import FetchFailure, find_address_problem, is_loopback

logging.getLogger("httpx").setLevel(logging.WARNING)
"""It writes every address with its query, and what a server puts in a page token is not ours to log."""

PASSING: Final = {
    **dict.fromkeys((408, 425, 429, 503, 504), FetchFailure.SLOW),
    **dict.fromkeys((500, 502), FetchFailure.ERROR),
}
"""What may be better in a moment (RFC 9110, 15.5 and 15.6), and what it is when it is not."""
BAD_QUESTION: Final = frozenset({400, 422})
NOWHERE: Final = frozenset({404, 405, 410})
"""Nothing there to ask: the address is wrong."""
ENCODINGS: Final = frozenset({"", "identity", "gzip", "deflate"})
MOST_REDIRECTS: Final = 3
LONGEST_TOKEN: Final = 4_000
"""Characters of a page token, which goes into an address, or of an access token, which goes into a header."""

Query = Mapping[str, str]


class _Passing(RegisterFailed):
    """It may be better in a moment; `after` is how long the server wants to be left alone."""

    def __init__(self, failure: FetchFailure, after: float = 0) -> None:
        super().__init__(failure)
        self.after = after


class _SignedOut(RegisterFailed):
    """401: the token is not, or no longer, good."""

    def __init__(self) -> None:
        super().__init__(FetchFailure.SIGN_IN)


class _BadQuestion(RegisterFailed):
    """Perhaps a filter that this server does not know."""

    def __init__(self) -> None:
        super().__init__(FetchFailure.ERROR)


class RegisterClient:
    """One conversation with one register."""

    def __init__(
        self, connection: Connection, limits: Limits | None = None, wait: Callable[[float], None] = time.sleep
    ) -> None:
        if any(find_address_problem(url) for url in (connection.base_url, connection.token_url) if url):
            raise RegisterFailed(FetchFailure.INSECURE)
        self._connection, self._limits, self._wait = connection, limits or Limits(), wait
        self._base = connection.base_url.rstrip("/")
        self._ends = clock.wall() + self._limits.whole
        self._token = None if connection.token_url else connection.secret
        self._patience = Patience(self._limits.answer)
        self._http = httpx.Client(
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect),
            follow_redirects=False,
            trust_env=not is_loopback(self._base),  # A proxy that the machine is set up with, but not to itself.
            headers={"Accept": "application/json", "Accept-Encoding": "gzip"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def pages(self, noun: str, filters: Query) -> Iterator[Sequence[Mapping[str, Any]]]:
        """Yield the things called `noun`, a page at a time. Filters are a wish: what comes must be filtered again.

        Raises `RegisterFailed`, also when the pages never end.
        """
        answer, tokens = self._first_page(noun, filters), set[str]()
        for _ in range(self._limits.most_pages):
            things, token = _open_page(answer, noun)
            yield things
            if token is None:
                return
            if token in tokens:
                break
            tokens.add(token)
            # SS 12000: a page token goes with no filter; it remembers them.
            answer = self._get(noun, {"limit": str(self._limits.page_size), "pageToken": token})
        raise RegisterFailed(FetchFailure.ENDLESS)

    def _first_page(self, noun: str, filters: Query) -> Any:
        """Ask with less and less, since some servers refuse what they do not know."""
        limit = {"limit": str(self._limits.page_size)}
        for query in ({**filters, **limit}, limit):
            try:
                return self._get(noun, query)
            except _BadQuestion:
                continue
        return self._get(noun, {})

    def _get(self, noun: str, query: Query) -> Any:
        url = httpx.URL(f"{self._base}/{noun}", params=dict(query))
        for pause in (*self._limits.waits, None):
            try:
                return _parse(self._ask(url))
            except _Passing as passing:
                if pause is None:
                    raise RegisterFailed(passing.failure) from None
                self._pause(max(pause, min(passing.after, self._limits.longest_wait)))
        raise AssertionError("the last attempt ends the loop")

    def _pause(self, seconds: float) -> None:
        self._wait(seconds)
        self._require_time()

    def _require_time(self) -> None:
        if clock.wall() > self._ends:
            raise RegisterFailed(FetchFailure.SLOW)

    def _ask(self, url: httpx.URL) -> bytes:
        """Ask once; a token that has gone stale is changed for a new one, once."""
        has_fresh_token = self._token is None
        try:
            return self._fetch(url)
        except _SignedOut:
            if has_fresh_token or not self._connection.token_url:
                raise
        self._token = None
        return self._fetch(url)

    def _fetch(self, url: httpx.URL) -> bytes:
        if self._token is None:
            self._token = self._get_token()
        headers = {"Authorization": f"Bearer {self._token}"}
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._send("GET", url, headers=headers)
            if isinstance(answer, bytes):
                return answer
            url = answer
        raise RegisterFailed(FetchFailure.ENDLESS)

    def _get_token(self) -> str:
        """Return a token by client credentials (RFC 6749, 4.4), in the header as it must be or else in the form."""
        own = self._connection
        form = {"grant_type": "client_credentials"} | ({"scope": own.scope} if own.scope else {})
        pair = f"{quote(own.client_id, safe='')}:{quote(own.secret, safe='')}".encode()
        header = {"Authorization": f"Basic {b64encode(pair).decode()}"}
        try:
            answer = self._send("POST", httpx.URL(own.token_url), data=form, headers=header)
        except (_SignedOut, _BadQuestion):
            form |= {"client_id": own.client_id, "client_secret": own.secret}
            try:
                answer = self._send("POST", httpx.URL(own.token_url), data=form)
            except _BadQuestion:
                raise RegisterFailed(FetchFailure.SIGN_IN) from None
        if not isinstance(answer, bytes):  # A secret follows no redirect.
            raise RegisterFailed(FetchFailure.MOVED)
        said = _parse(answer)
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not _is_plain(token):
            raise RegisterFailed(FetchFailure.UNREADABLE)
        return token

    def _send(self, method: str, url: httpx.URL, **request: Any) -> bytes | httpx.URL:
        """Return what was answered, or where on the same machine to ask instead."""
        self._require_time()
        request["extensions"] = {"trace": self._patience.note}
        try:
            with self._patience, self._http.stream(method, url, **request) as response:
                if response.has_redirect_location:
                    return _next_address(response)
                _require_success(response)
                return self._read(response)
        except httpx.ConnectTimeout:
            raise _Passing(FetchFailure.DOWN) from None
        except httpx.TimeoutException:
            raise _Passing(FetchFailure.SLOW) from None
        except httpx.DecodingError:
            raise RegisterFailed(FetchFailure.UNREADABLE) from None
        except httpx.LocalProtocolError:  # A secret or token that no header can hold.
            raise RegisterFailed(FetchFailure.SIGN_IN) from None
        except httpx.TransportError as error:
            if self._patience.is_over:
                raise _Passing(FetchFailure.SLOW) from None
            if _is_about_encryption(error):
                raise RegisterFailed(FetchFailure.INSECURE) from None
            raise _Passing(FetchFailure.DOWN) from None

    def _read(self, response: httpx.Response) -> bytes:
        if response.headers.get("Content-Encoding", "").lower() not in ENCODINGS:
            raise RegisterFailed(FetchFailure.UNREADABLE)
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._limits.most_bytes:
                raise RegisterFailed(FetchFailure.TOO_MUCH)
        return bytes(body)


def _require_success(response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.UNAUTHORIZED:
        raise _SignedOut
    if status == httpx.codes.FORBIDDEN:
        raise RegisterFailed(FetchFailure.SIGN_IN)
    if status in NOWHERE:
        raise RegisterFailed(FetchFailure.NOT_FOUND)
    if status in BAD_QUESTION:
        raise _BadQuestion
    if status in PASSING:
        raise _Passing(PASSING[status], _retry_after(response))
    if not response.is_success:
        raise RegisterFailed(FetchFailure.ERROR)


def _retry_after(response: httpx.Response) -> float:
    """Return the seconds that the server asks for (RFC 9110, 10.2.3), 0 when it says nothing that can be read."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:6])
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, OverflowError):  # The year may have any number of digits.
        return 0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - clock.wall()).total_seconds(), 0)


def _next_address(response: httpx.Response) -> httpx.URL:
    """Return where a redirect leads. Raises `RegisterFailed` when that is another machine, or the same unencrypted."""
    try:
        target = response.url.join(response.headers["Location"])
    except (httpx.InvalidURL, ValueError):
        raise RegisterFailed(FetchFailure.MOVED) from None
    if (target.scheme, target.host, target.port) != (response.url.scheme, response.url.host, response.url.port):
        raise RegisterFailed(FetchFailure.MOVED)
    return target


def _is_about_encryption(error: BaseException | None) -> bool:
    """Whether the two could not agree on an encrypted line; one that only broke is none of this."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
        error = error.__cause__ or error.__context__
    return False


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise RegisterFailed(FetchFailure.UNREADABLE) from None


def _open_page(answer: Any, noun: str) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    """Return a page's things and the token of the next, if there is one.

    The standard puts them under `data`, some servers under their own name, and some send nothing but the list.
    """
    things, token = answer, None
    if isinstance(answer, dict):
        things, token = answer.get("data", answer.get(noun)), answer.get("pageToken")
    if not isinstance(things, list) or not all(isinstance(thing, dict) for thing in things):
        raise RegisterFailed(FetchFailure.UNREADABLE)
    if token is None or token == "":
        return things, None
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise RegisterFailed(FetchFailure.UNREADABLE)
    return things, token


def _is_plain(token: str) -> bool:
    return 0 < len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable() and " " not in token
