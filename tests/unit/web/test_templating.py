"""Days, times and numbers as they are written in Swedish, and the frame of a page."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from app.web import templating
from app.web.templating import Chrome, NavigationItem

Clock = Callable[[datetime], None]

DUE = datetime(2026, 8, 28, 14, 0, tzinfo=UTC)
"""16.00 in Sweden on a Friday in summer."""
NOW = datetime(2026, 8, 25, 8, 20, tzinfo=UTC)
"""10.20 in Sweden on the Tuesday before."""


class TestDays:
    def test_for_tables(self) -> None:
        assert templating.swedish_date(date(2026, 8, 21)) == "2026-08-21"

    def test_a_moment_falls_on_the_swedish_day(self) -> None:
        assert templating.swedish_date(datetime(2026, 8, 20, 22, 30, tzinfo=UTC)) == "2026-08-21"

    def test_for_sentences(self) -> None:
        assert templating.swedish_day(date(2026, 8, 21)) == "fredag 21 augusti 2026"

    @pytest.mark.parametrize(
        ("day", "written"),
        [(date(2026, 8, 27), "tors 27 aug"), (date(2026, 8, 31), "mån 31 aug"), (date(2026, 6, 13), "lör 13 juni")],
    )
    def test_for_narrow_columns(self, day: date, written: str) -> None:
        assert templating.short_day(day) == written


class TestMoments:
    def test_the_clock(self) -> None:
        assert templating.swedish_time(datetime(2026, 1, 5, 8, 5, tzinfo=UTC)) == "09.05"

    def test_in_full(self) -> None:
        assert templating.swedish_moment(DUE) == "fredag 28 augusti 2026 kl.&nbsp;16.00"

    @pytest.mark.parametrize(
        ("moment", "written"),
        [
            (datetime(2026, 8, 25, 7, 42, tzinfo=UTC), "i dag kl.&nbsp;09.42"),
            (datetime(2026, 8, 24, 21, 59, tzinfo=UTC), "måndag 24 augusti kl.&nbsp;23.59"),
            (datetime(2025, 8, 21, 7, 42, tzinfo=UTC), "torsdag 21 augusti 2025 kl.&nbsp;09.42"),
        ],
    )
    def test_close_by(self, moment: datetime, written: str) -> None:
        assert templating.moment_near(moment, NOW) == written

    def test_close_by_is_close_to_the_domains_clock(self, set_clock: Clock) -> None:
        set_clock(NOW)
        assert templating.moment_near(NOW) == "i dag kl.&nbsp;10.20"


@pytest.mark.parametrize(
    ("title", "whole"),
    [("Oro 2026, uppföljning 12", "Oro 2026, uppföljning\u00a012"), ("Oro 2026, klar", "Oro 2026, klar")],
)
def test_the_number_of_a_title_stays_with_its_word(title: str, whole: str) -> None:
    assert templating.unbroken(title) == whole


@pytest.mark.parametrize(
    "write",
    [
        *(templating.swedish_date, templating.swedish_day, templating.short_day, templating.swedish_time),
        *(templating.swedish_moment, templating.moment_near, templating.number, templating.percent),
        *(templating.masked, templating.country_name, templating.nl2p),
    ],
)
def test_nothing_is_written_as_nothing(write: Callable[[None], str]) -> None:
    assert write(None) == ""


class TestNumbers:
    def test_groups_of_three(self) -> None:
        assert templating.number(6214) == "6\u202f214"

    def test_decimals(self) -> None:
        assert templating.number(8.0, 1) == "8,0"

    def test_shares(self) -> None:
        assert templating.percent(12 / 14) == "86\u00a0%"

    def test_one_or_many(self) -> None:
        assert templating.plural(1, "skola", "skolor") == "1 skola"
        assert templating.plural(0, "skola", "skolor") == "0 skolor"


class TestMasked:
    @pytest.mark.parametrize("written", ["20150612-2384", "201506122384", "20150612-TF01", "20150612+2384"])
    def test_the_last_four_never_show(self, written: str) -> None:
        assert templating.masked(written) == "20150612-••••"

    @given(st.text(min_size=1))
    def test_what_has_another_shape_does_not_show_at_all(self, text: str) -> None:
        assert re.fullmatch("([0-9]{6}|[0-9]{8})-•{4}|•{8}", templating.masked(text))


def test_countries() -> None:
    assert templating.country_name("so") == "Somalia"
    assert templating.country_name("XQ") == "XQ"


def test_a_number_to_ring() -> None:
    assert templating.tel("+46 8-405 50 05") == "tel:+4684055005"


class TestOwnWords:
    def test_paragraphs_and_lines(self) -> None:
        assert templating.nl2p("a\nb\n\nc") == "<p>a<br>b</p>\n<p>c</p>"

    def test_nothing_in_them_is_markup(self) -> None:
        assert templating.nl2p("<b>&") == "<p>&lt;b&gt;&amp;</p>"


class TestClockReading:
    @pytest.mark.parametrize(
        ("due", "kind", "days", "hours", "minutes"),
        [
            (datetime(2026, 8, 24, 14, 0, tzinfo=UTC), "late", 1, 18, 20),
            (datetime(2026, 8, 25, 8, 19, tzinfo=UTC), "late", 0, 0, 1),
            (datetime(2026, 8, 25, 10, 0, tzinfo=UTC), "today", 0, 1, 40),
            (DUE, "later", 3, 77, 40),
            (date(2026, 8, 24), "late", 1, 0, 0),
            (date(2026, 8, 25), "today", 0, 0, 0),
            (date(2026, 8, 26), "later", 1, 0, 0),
        ],
    )
    def test_late_today_or_later(self, due: date | datetime, kind: str, days: int, hours: int, minutes: int) -> None:
        reading = templating.clock_reading(due, NOW)
        assert (reading.kind, reading.days, reading.hours, reading.minutes) == (kind, days, hours, minutes)

    def test_days_are_swedish_midnights(self) -> None:
        late_evening = datetime(2026, 8, 24, 21, 30, tzinfo=UTC)
        assert templating.clock_reading(late_evening, datetime(2026, 8, 24, 22, 30, tzinfo=UTC)).days == 1


@pytest.fixture
def flask_app() -> Flask:
    """An application with nothing but templates."""
    app = Flask(__name__)
    templating.init_app(app)
    return app


class TestEnvironment:
    def test_a_missing_value_fails(self, flask_app: Flask) -> None:
        with flask_app.app_context(), pytest.raises(UndefinedError):
            flask_app.jinja_env.from_string("{{ missing }}").render()

    def test_filters_and_globals_are_there(self, flask_app: Flask) -> None:
        with flask_app.app_context():
            written = flask_app.jinja_env.from_string("{{ 6214 | number }} {{ plural(2, 'dag', 'dagar') }}").render()
        assert written == "6\u202f214 2 dagar"

    def test_each_form_gets_a_key_of_its_own(self, flask_app: Flask) -> None:
        with flask_app.app_context():
            keys = flask_app.jinja_env.from_string("{{ form_key() }} {{ form_key() }}").render().split()
        assert len(set(keys)) == 2

    def test_the_frame_is_anonymous_until_someone_is_known(self, flask_app: Flask) -> None:
        template = flask_app.jinja_env.from_string("{{ chrome.account_name }}|{{ chrome.is_signed_in }}")
        with flask_app.app_context():
            assert template.render() == "|False"
            item = NavigationItem("Att göra", "/att-gora", is_current=True)
            g.chrome = Chrome("Älvhaga kommun", "Karin Lövdahl", "", (item,), False, None, is_signed_in=True)
            assert template.render() == "Karin Lövdahl|True"
