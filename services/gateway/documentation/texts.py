"""What the documentation says in words."""

from typing import Any

DESCRIPTION = """\
Courtier sells to businesses and consumers, with sales agents in the middle. This is its whole public API: whatever a
shop, a console or a script does, it does here.

**Signing in.** `POST /v1/sessions` answers an access token and a refresh token. Send the first as
`Authorization: Bearer …`; it lives some minutes. Exchange the second for a new pair at `POST /v1/sessions/refresh`; it
can be used once. Without a token you are a visitor and see the public catalogue.

**Doing something once.** What creates something, or moves money or goods, needs an `Idempotency-Key`: any unique text.
Sent again with the same key and body it changes nothing more and gets the same answer, marked
`Idempotency-Replayed: true`; after 30 days it gets what it made then, as it stands now. Retry whatever answered 429 or
503, or did not answer, with the key it had.

**Editing.** An edit needs `If-Match` with the `ETag` you last read. Who edits what somebody else changed meanwhile gets
412, reads again and decides anew. What can be set for the first time by the same request (a group's price) needs
`If-Match` only where it stands already: without it the answer is 428.

**Lists** are sorted from new to old and come by the page: `{"items": […], "next": "…"}`. Ask for the next page with
`?cursor=`, or follow the `Link` header; `next` is null at the end.

**Values.** Money is `{"amount": "12.50", "currency": "EUR"}`, the amount a text. Percents are texts from "0" to "100".
Quantities are numbers with at most three decimals. Moments are ISO 8601 in UTC. Ids are UUIDs. Unknown fields and
parameters are refused.

**When the answer is no** it is a problem (RFC 9457): `code` for programs, `detail` for people, `errors[]` with a JSON
pointer for each field, `trace_id` for whoever looks into it. What you may not see does not exist: 404.
"""

INFO: dict[str, Any] = {
    "title": "Courtier",
    "summary": "Commerce for merchants with sales agents",
    "description": DESCRIPTION,
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}

BEARER: dict[str, Any] = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The access token of POST /v1/sessions. An operation names the permissions of which one is needed.",
}

TAGS = {
    "sessions": "Signing in and out, and the first admin.",
    "me": "Who is signed in, and their password.",
    "products": "What can be bought, at the caller's prices or at those of a customer of theirs.",
    "storefront": "What a caller finds, what it would cost, and why.",
    "categories": "The shop's tree.",
    "content": "Texts of the shop that everyone sees, or some groups of customers only.",
    "images": "Pictures of products, for everyone who knows their key.",
    "prices": "What a variant costs everyone, and what it costs a customer group.",
    "price lists": "Prices agreed with a customer, a company, a group or a market, for a time.",
    "promotions": "What is taken off base prices for everyone, for a time.",
    "price changes": "Many prices raised or lowered by a rule, tried dry first.",
    "catalogue settings": "How prices are weighed, who may look and who may buy.",
    "uploads": "Files on their way in.",
    "imports": "Files read into the catalogue, with what was found in them.",
    "exports": "The catalogue as files.",
    "stock": "How many are there, and what came in.",
    "orders": "A sale from placement to payment or cancellation, with its history and what it was computed from.",
    "customers": "The people who buy, their groups and their agent.",
    "catalogue rules": "Who sees which product, how many they may take, and the least a group must order.",
    "customer groups": "Who belongs together for prices and visibility.",
    "companies": "The businesses that customers buy for.",
    "agents": "Who sells, in whose team, and what they are due.",
    "agent groups": "What agents earn, and how far they may move a price.",
    "commissions": "The ledger: accrued, earned, cancelled, reversed.",
    "sales settings": "Who serves whom, and whose a sale is.",
    "accounts": "Who may sign in, with which roles.",
    "mails": "The delivery log of mails.",
    "events": "What happens in the house, as it happens.",
    "operations": "Where each service stands on the bus, and what an operator decides about it.",
}

PARAMETERS = {
    "cursor": "Where the page begins: the `next` of the page before. Left out, the first page.",
    "limit": "How many items a page has at most, 1 to 100.",
    "q": "A text to look for.",
    "id": "Its id.",
    "currency": "The currency of the prices, by ISO 4217.",
    "market": "The code of the market whose prices count. Left out, the default one of the settings.",
    "customer_id": "At whose prices, or whose: a customer the caller may see.",
    "agent_id": "Whose: an agent the caller may see.",
    "order_id": "The order's id.",
    "group_id": "The group's id.",
    "company_id": "The company's id.",
    "category_id": "The category's id.",
    "parent_id": "The id of the one above.",
    "sku": "The variant's SKU.",
    "warehouse": "The code of a warehouse.",
    "active": "Only those in use, or only those that are not.",
    "image_id": "The picture's id.",
    "key": "The picture's key, as views of products name it.",
    "size": "How large: `large`, `medium` or `thumbnail`.",
    "code": "Only the one of this code.",
    "variant_id": "The variant's id.",
    "locale": "The language of names and texts: `fr` or `en`.",
    "link_kind": "Why a product leads to others: `cross_sell`, `up_sell` or `accessory`.",
    "placement": "Where in the shop, such as `home-top`.",
    "status": "Only those in this state.",
    "payment_status": "Only those whose payments stand so.",
    "format": "How the file is written: `csv` or `xlsx`.",
    "name": "The file's name.",
    "attributes": "Attributes and the values wanted, one of each: brand:Acme,Solid;material:oak",
    "min_price": "The least the cheapest variant costs the caller.",
    "max_price": "The most the cheapest variant costs the caller.",
    "sort": "In which order: `relevance`, `newest`, `name`, `price` or `-price`.",
    "quantity": "For so many units.",
    "trace": "Tell staff and agents how each price came about.",
    "as_of": "Another moment than now.",
    "price_list": "The code of a price list, in place of base prices.",
    "level": "Only those of this level.",
    "scope": "Only those about such goods.",
    "outcome": "Only those that came out so.",
    "kind": "Only entries of this kind.",
    "type": "Only those of this type.",
    "to": "Only those to this address.",
    "number": "The order's number.",
    "reference": "The merchant's or buyer's own reference.",
    "service": "A service of the house, such as `orders`.",
    "producer": "The service that told the event.",
    "seq": "The event's number at its producer.",
    "handler": "The handler the event is parked for.",
}
IN_PATHS = {"kind": "What the file is about."}
"""What parameters of these names mean where they stand in a path."""
