"""What is sealed opens in its own place, with its own key, and as it was."""

import json
import os
import stat
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import encryption
from app.kernel.encryption import (
    RING_FILE,
    KeyRing,
    Sealed,
    SealedBytes,
    SealedJson,
    WrongKey,
    blind_index,
    new_key_ring,
    read_key_ring,
    use_key_ring,
    write_key_ring,
)

PLACE = "child.name_sealed:1"


class Sheet:
    """A row with every kind of sealed attribute, in no table."""

    __tablename__ = "sheet"
    text, other = Sealed("text_sealed"), Sealed("other_sealed")
    answers, file = SealedJson("answers_sealed"), SealedBytes("file_sealed")

    def __init__(self) -> None:
        self.id = uuid4()
        self.text_sealed: bytes | None = None
        self.other_sealed: bytes | None = None


@pytest.fixture
def ring() -> Iterator[KeyRing]:
    """A ring of the test's own, in use while it runs."""
    before = encryption.key_ring()
    own = new_key_ring()
    use_key_ring(own)
    yield own
    use_key_ring(before)


class TestSealing:
    @given(st.binary(max_size=300), st.text(max_size=50).filter(lambda text: text.isprintable()))
    def test_what_is_sealed_opens_in_its_place(self, plain: bytes, place: str) -> None:
        ring = new_key_ring()
        assert ring.open(ring.seal(plain, place), place) == plain

    def test_the_same_text_never_looks_the_same(self) -> None:
        ring = new_key_ring()
        assert len({ring.seal(b"Elin Sandhage", PLACE) for _ in range(50)}) == 50

    def test_nothing_of_the_text_shows(self) -> None:
        assert b"Elin" not in new_key_ring().seal(b"Elin Sandhage", PLACE)

    @pytest.mark.parametrize("elsewhere", ["child.name_sealed:2", "child.birth_date_sealed:1", "account.name_sealed:1"])
    def test_a_value_moved_elsewhere_stays_shut(self, elsewhere: str) -> None:
        ring = new_key_ring()
        with pytest.raises(WrongKey):
            ring.open(ring.seal(b"Elin Sandhage", PLACE), elsewhere)

    def test_any_byte_altered_in_any_way_keeps_it_shut(self) -> None:
        ring = new_key_ring()
        token = ring.seal(b"Elin", PLACE)
        for position in range(len(token)):
            for flip in (0x01, 0x80, 0xFF):
                altered = token[:position] + bytes([token[position] ^ flip]) + token[position + 1 :]
                with pytest.raises(WrongKey):
                    ring.open(altered, PLACE)

    def test_what_is_cut_short_stays_shut(self) -> None:
        ring = new_key_ring()
        token = ring.seal(b"Elin", PLACE)
        for length in range(len(token)):
            with pytest.raises(WrongKey):
                ring.open(token[:length], PLACE)

    @given(st.binary(max_size=80))
    def test_garbage_stays_shut(self, garbage: bytes) -> None:
        with pytest.raises(WrongKey):
            new_key_ring().open(garbage, PLACE)

    def test_another_installations_key_of_the_same_name_does_not_open(self) -> None:
        with pytest.raises(WrongKey):
            new_key_ring().open(new_key_ring().seal(b"Elin", PLACE), PLACE)

    def test_a_message_names_the_column_and_neither_row_nor_value(self) -> None:
        row_id = uuid4()
        with pytest.raises(WrongKey) as refused:
            new_key_ring().open(new_key_ring().seal(b"Elin", "child.name_sealed:x"), f"child.name_sealed:{row_id}")
        assert "child.name_sealed" in str(refused.value)
        assert str(row_id) not in str(refused.value)

    def test_a_ring_does_not_show_its_keys(self) -> None:
        ring = new_key_ring()
        assert repr(ring.root) not in repr(ring)
        assert b64encode(ring.root).decode() not in repr(ring)


class TestTwoKeysInARing:
    def test_the_old_key_still_opens_and_the_new_one_seals(self) -> None:
        old = new_key_ring()
        token = old.seal(b"Elin", PLACE)
        both = KeyRing(current="k2", field_keys={**old.field_keys, "k2": os.urandom(32)}, root=old.root)
        assert both.open(token, PLACE) == b"Elin"
        assert both.open(both.seal(b"Elin", PLACE), PLACE) == b"Elin"
        with pytest.raises(WrongKey, match="k2"):
            old.open(both.seal(b"Elin", PLACE), PLACE)

    def test_when_the_old_key_is_gone_what_it_sealed_stays_shut(self) -> None:
        old = new_key_ring()
        only_new = KeyRing(current="k2", field_keys={"k2": os.urandom(32)}, root=old.root)
        with pytest.raises(WrongKey, match="k1"):
            only_new.open(old.seal(b"Elin", PLACE), PLACE)

    def test_a_new_field_key_leaves_what_is_derived_alone(self) -> None:
        old = new_key_ring()
        both = KeyRing(current="k2", field_keys={**old.field_keys, "k2": os.urandom(32)}, root=old.root)
        assert both.derive("token:activation") == old.derive("token:activation")


class TestBlindIndex:
    def test_it_is_the_same_for_the_same_in_one_place_only(self, ring: KeyRing) -> None:
        here, there, number = UUID(int=1), UUID(int=2), "201504122383"
        found = blind_index(here, "identity-number", number)
        assert found == blind_index(here, "identity-number", number)
        others = {
            blind_index(there, "identity-number", number),
            blind_index(None, "identity-number", number),
            blind_index(here, "loose", number),
            blind_index(here, "identity-number", "201504122384"),
        }
        assert len(others | {found}) == 5
        assert {len(index) for index in others} == {32}

    def test_another_installation_makes_another(self, ring: KeyRing) -> None:
        before = blind_index(None, "account-email", "karin@alvhaga.example")
        use_key_ring(new_key_ring())
        assert blind_index(None, "account-email", "karin@alvhaga.example") != before


class TestAttributes:
    def test_they_are_written_and_read_like_any_other(self, ring: KeyRing) -> None:
        sheet = Sheet()
        sheet.text, sheet.answers, sheet.file = "Åsa Ünal", {"ålder": [1, None, True]}, b"\x00\xff"
        assert (sheet.text, sheet.answers, sheet.file) == ("Åsa Ünal", {"ålder": [1, None, True]}, b"\x00\xff")
        assert "Ünal".encode() not in (sheet.text_sealed or b"")

    def test_none_is_none_and_empty_is_empty(self, ring: KeyRing) -> None:
        sheet = Sheet()
        sheet.text, sheet.other = None, ""
        assert (sheet.text, sheet.text_sealed, sheet.other) == (None, None, "")
        assert sheet.other_sealed

    def test_a_value_copied_to_another_row_or_column_stays_shut(self, ring: KeyRing) -> None:
        one, two = Sheet(), Sheet()
        one.text = "Elin Sandhage"
        one.other_sealed = two.text_sealed = one.text_sealed
        for row, name in ((two, "text"), (one, "other")):
            with pytest.raises(WrongKey):
                getattr(row, name)


class TestKeyFile:
    def test_what_is_kept_is_found_again(self, tmp_path: Path) -> None:
        ring = new_key_ring()
        write_key_ring(tmp_path / "keys", ring)
        found = read_key_ring(tmp_path / "keys")
        assert found is not None
        assert (found.current, dict(found.field_keys), found.root) == ("k1", dict(ring.field_keys), ring.root)

    def test_only_the_owner_may_read_it(self, tmp_path: Path) -> None:
        before = os.umask(0)
        try:
            write_key_ring(tmp_path / "instance" / "keys", new_key_ring())
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "instance" / "keys").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "instance" / "keys" / RING_FILE).stat().st_mode) == 0o600

    def test_it_is_never_written_over(self, tmp_path: Path) -> None:
        first = new_key_ring()
        write_key_ring(tmp_path, first)
        with pytest.raises(FileExistsError):
            write_key_ring(tmp_path, new_key_ring())
        found = read_key_ring(tmp_path)
        assert found is not None
        assert found.root == first.root

    def test_nothing_else_is_left_in_the_folder(self, tmp_path: Path) -> None:
        write_key_ring(tmp_path, new_key_ring())
        with pytest.raises(FileExistsError):
            write_key_ring(tmp_path, new_key_ring())
        assert [path.name for path in tmp_path.iterdir()] == [RING_FILE]

    def test_a_crash_before_it_is_whole_leaves_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write_key_ring(tmp_path, new_key_ring())
        assert list(tmp_path.iterdir()) == []
        assert read_key_ring(tmp_path) is None

    def test_no_folder_is_no_keys(self, tmp_path: Path) -> None:
        assert read_key_ring(tmp_path / "nowhere") is None

    @pytest.mark.parametrize(
        "damage",
        [
            "",
            "{",
            "[]",
            "null",
            '"k1"',
            "{}",
            '{"current": "k1"}',
            json.dumps({"current": "k1", "fields": {}, "root": b64encode(bytes(32)).decode()}),
            json.dumps({"current": [], "fields": {"k1": b64encode(bytes(32)).decode()}, "root": "AAAA"}),
            json.dumps({"current": "k1", "fields": ["k1"], "root": b64encode(bytes(32)).decode()}),
            json.dumps({"current": "k1", "fields": {"k1": "not base 64!"}, "root": b64encode(bytes(32)).decode()}),
            json.dumps({"current": "k1", "fields": {"k1": b64encode(bytes(31)).decode()}, "root": "AAAA"}),
            json.dumps(
                {
                    "current": "k1",
                    "fields": {"k1": b64encode(bytes(16)).decode()},
                    "root": b64encode(bytes(32)).decode(),
                }
            ),
            json.dumps(
                {
                    "current": "k1",
                    "fields": {"k1": b64encode(bytes(32)).decode()},
                    "root": b64encode(bytes(16)).decode(),
                }
            ),
            json.dumps({"current": "k1", "fields": {"k1": None}, "root": None}),
        ],
    )
    def test_a_damaged_one_is_refused(self, tmp_path: Path, damage: str) -> None:
        (tmp_path / RING_FILE).write_text(damage, encoding="ascii")
        with pytest.raises(WrongKey, match="damaged"):
            read_key_ring(tmp_path)

    def test_bytes_that_are_no_text_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / RING_FILE).write_bytes(b"\xff\xfe{}")
        with pytest.raises(WrongKey, match="damaged"):
            read_key_ring(tmp_path)

    def test_half_of_one_is_refused(self, tmp_path: Path) -> None:
        ring = new_key_ring()
        write_key_ring(tmp_path, ring)
        whole = (tmp_path / RING_FILE).read_text(encoding="ascii")
        (tmp_path / RING_FILE).write_text(whole[: len(whole) // 2], encoding="ascii")
        with pytest.raises(WrongKey, match="damaged"):
            read_key_ring(tmp_path)
