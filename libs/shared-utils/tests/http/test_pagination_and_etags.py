import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_utils.errors import PreconditionFailed, PreconditionRequired
from shared_utils.http.etag import etag_for, expected_versions, require_if_match
from shared_utils.http.pagination import InvalidCursor, cursor_meta, decode_cursor, encode_cursor

JSON_VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False)


@given(st.dictionaries(st.text(), JSON_VALUES, max_size=5))
def test_a_cursor_gives_back_its_key(key):
    assert decode_cursor(encode_cursor(key)) == key


@given(st.text(max_size=200))
def test_any_other_text_is_refused_cleanly(cursor):
    with suppress(InvalidCursor):
        assert isinstance(decode_cursor(cursor), dict)


@pytest.mark.parametrize(
    "cursor",
    ["", "!!!", "é", "eyJ", base64.urlsafe_b64encode(b"[1]").decode(), base64.urlsafe_b64encode(b"\xff").decode()],
)
def test_bad_cursors(cursor):
    with pytest.raises(InvalidCursor):
        decode_cursor(cursor)


def test_a_deeply_nested_cursor_is_refused():
    nested = base64.urlsafe_b64encode(b"[" * 200_000).decode()
    with pytest.raises(InvalidCursor):
        decode_cursor(nested)


def test_the_meta_of_a_page():
    last = cursor_meta(limit=50, next_key=None)
    assert (last.has_more, last.next_cursor, last.limit) == (False, None, 50)
    more = cursor_meta(limit=50, next_key={"id": 7})
    assert more.has_more
    padded = (more.next_cursor or "") + "=" * (-len(more.next_cursor or "") % 4)
    assert json.loads(base64.urlsafe_b64decode(padded)) == {"id": 7}


def test_the_etag_is_strong():
    assert etag_for(12) == '"12"'


@pytest.mark.parametrize("header", ['"3"', ' "3" ', '"1", "3"'])
def test_a_matching_header_passes_and_any_other_version_does_not(header):
    require_if_match(header, 3)
    with pytest.raises(PreconditionFailed):
        require_if_match(header, 4)


@pytest.mark.parametrize("header", ['"2"', 'W/"3"', "3", '"x"', '"3', "garbage", '"33"'])
def test_another_version_is_a_412(header):
    with pytest.raises(PreconditionFailed):
        require_if_match(header, 3)


@pytest.mark.parametrize("header", [None, "", "  ", "*"])
def test_no_version_is_a_428(header):
    with pytest.raises(PreconditionRequired):
        require_if_match(header, 3)


def test_versions_for_a_compare_and_set():
    assert expected_versions('"3", "4", W/"5"') == {3, 4}
