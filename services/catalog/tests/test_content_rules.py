"""Content blocks without a database: what is safe to show, and in which language."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.domain.content import check_groups, check_schedule, in_language, safe, safe_texts
from shared.contracts.catalog.content import ContentInvalid, ContentText
from shared.contracts.customers.groups import GroupNotFound

FRENCH, ENGLISH = ContentText(title="Bienvenue"), ContentText(title="Welcome")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>Franco dès <strong>200 €</strong>.</p>", "<p>Franco dès <strong>200 €</strong>.</p>"),
        ("<script>alert(1)</script>Hello", "Hello"),
        ('<img src="x" onerror="alert(1)">', '<img src="x">'),
        ('<a href="javascript:alert(1)">here</a>', '<a rel="noopener noreferrer">here</a>'),
        ("<iframe src='https://example.org'></iframe>", ""),
        ("<form action='/'><input></form>", ""),
        ('<p style="position:fixed" class="x">a</p>', "<p>a</p>"),
        ("<style>p{}</style><!-- x -->", ""),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("<b>open", "<b>open</b>"),
    ],
)
def test_only_what_is_safe_is_kept(written: str, kept: str) -> None:
    assert safe(written) == kept


@given(st.text(alphabet="<>/=\"'abscriptonlj:; \n", max_size=120))
def test_what_is_safe_stays_as_it_is(written: str) -> None:
    once = safe(written)

    assert "<script" not in once
    assert safe(once) == once


def test_a_text_that_says_nothing_is_named() -> None:
    with pytest.raises(ContentInvalid) as refused:
        safe_texts({"fr": FRENCH, "en": ContentText(body="<script>1</script>")})

    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/texts/en", "TEXT_EMPTY")]


@pytest.mark.parametrize(
    ("texts", "locale", "found"),
    [
        ({"fr": FRENCH, "en": ENGLISH}, "en", ("en", ENGLISH)),
        ({"fr": FRENCH, "en": ENGLISH}, "fr", ("fr", FRENCH)),
        ({"fr": FRENCH}, "en", ("fr", FRENCH)),
        ({"en": ENGLISH}, "fr", ("en", ENGLISH)),
    ],
)
def test_a_block_is_read_in_another_language_rather_than_not_at_all(
    texts: dict[str, ContentText], locale: str, found: tuple[str, ContentText]
) -> None:
    assert in_language(texts, locale) == found


def test_a_schedule_that_never_shows_and_groups_that_are_not_there_are_refused() -> None:
    known, stranger = UUID(int=1), UUID(int=2)
    check_schedule(None, NOON)
    check_groups([known], {known})

    with pytest.raises(ContentInvalid) as never:
        check_schedule(NOON, NOON)
    with pytest.raises(GroupNotFound) as nobody:
        check_groups([known, stranger], {known})

    assert never.value.errors[0].pointer == "/ends_at"
    assert [error.pointer for error in nobody.value.errors] == ["/group_ids/1"]
