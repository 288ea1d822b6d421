"""Words as full text search wants them, for every statement that looks for some."""

from services.catalog.domain.searching import words

# A SKU or a barcode names one thing and comes before all words.
EXACT = """products.id = ANY (ARRAY(
    SELECT variants.product_id FROM (SELECT CAST(:q AS text) AS q) AS named
    JOIN variants ON sku IN (q, upper(q), lower(q)) OR barcode = q))"""
# Without its accents a letter may have become signs of the query language, or nothing at all: quoted, with a blank, it
# is none of them.
_BEGUN = r"to_tsquery('simple', ''' ' || translate(last, '''\', '  ') || ''':*')"
ASKED = f"""(
    SELECT plainto_tsquery('french', whole) || plainto_tsquery('english', whole) || plainto_tsquery('simple', whole)
        || CASE WHEN before = '' THEN {_BEGUN} ELSE plainto_tsquery('simple', before) && {_BEGUN} END AS words
    FROM (SELECT unaccent(CAST(:words AS text)) AS whole, unaccent(CAST(:before AS text)) AS before,
        unaccent(CAST(:last AS text)) AS last) AS typed)"""  # noqa: S608 - no word of anyone's
HAS_WORDS = f"(products.search @@ {ASKED} OR {EXACT})"


def given(typed: str) -> dict[str, str]:
    """Return what these conditions bind for what people typed."""
    found = words(typed)
    return {"q": typed, "words": found.all, "before": found.before, "last": found.last}
