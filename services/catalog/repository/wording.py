"""Words as full text search wants them, for every statement that looks for some."""

from services.catalog.domain.searching import words

# A SKU or a barcode names one thing and comes before all words.
EXACT = """products.id = ANY (ARRAY(
    SELECT variants.product_id FROM (SELECT CAST(:q AS text) AS q) AS named
    JOIN variants ON sku IN (q, upper(q), lower(q)) OR barcode = q))"""
ASKED = """(
    SELECT plainto_tsquery('french', whole) || plainto_tsquery('english', whole) || plainto_tsquery('simple', whole)
        || CASE WHEN before = '' THEN to_tsquery('simple', last)
            ELSE plainto_tsquery('simple', before) && to_tsquery('simple', last) END AS words
    FROM (SELECT unaccent(CAST(:words AS text)) AS whole, unaccent(CAST(:before AS text)) AS before,
        unaccent(CAST(:last AS text)) AS last) AS typed)"""
HAS_WORDS = f"(products.search @@ {ASKED} OR {EXACT})"


def given(typed: str) -> dict[str, str]:
    """Return what these conditions bind for what people typed."""
    found = words(typed)
    return {"q": typed, "words": found.all, "before": found.before, "last": found.last}
