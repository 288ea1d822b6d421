"""What can be sold, and where it stands in the shop."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.models.base import Base, Kept
from shared.contracts.catalog.links import LinkKind
from shared.contracts.catalog.products import ProductStatus, TaxCategory
from shared.database.columns import AMOUNT, Choice

NO_TEXTS = text("'{}'")


class Category(Base, Kept):
    """A place in the shop's tree. `path`: the categories above it from the top, and itself."""

    __tablename__ = "categories"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    translations: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_TEXTS, default=dict)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"), index=True)
    path: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    request_digest: Mapped[bytes | None]

    __table_args__ = (
        Index("ix_categories_listed", "created_at", "id"),
        Index("ix_categories_path", "path", postgresql_using="gin"),
    )


class Product(Base, Kept):
    """What is shown as one thing; it is sold as its variants.

    `name` and `description` are in the shop's own language, `translations` has those of others by locale. `words` is
    what people may look for, without accents, and `search` the same as PostgreSQL's full text search wants it.
    """

    __tablename__ = "products"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    translations: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_TEXTS, default=dict)
    options: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"), default=list)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_TEXTS, default=dict)
    category_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=NO_TEXTS, default=list)
    status: Mapped[ProductStatus] = mapped_column(Choice(ProductStatus))
    perishable: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    published_from: Mapped[datetime | None]
    published_until: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, server_default="", default="")
    search: Mapped[Any] = mapped_column(TSVECTOR, server_default="", default="")
    request_digest: Mapped[bytes | None]

    __table_args__ = (
        Index("ix_products_listed", "status", "created_at", "id"),
        Index("ix_products_named", "status", "name", "id"),
        Index("ix_products_categories", "category_ids", postgresql_using="gin"),
        Index(
            "ix_products_attributes",
            "attributes",
            postgresql_using="gin",
            postgresql_ops={"attributes": "jsonb_path_ops"},
        ),
        Index("ix_products_from", "published_from", postgresql_where=text("published_from IS NOT NULL")),
        Index("ix_products_until", "published_until", postgresql_where=text("published_until IS NOT NULL")),
        Index("ix_products_search", "search", postgresql_using="gin"),
        Index("ix_products_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )


class CatalogueChange(Base):
    """A stamp that every change of products renews, one for each of those that run at the same time.

    What was remembered of products holds as long as all stamps are the same. A trigger renews them.
    """

    __tablename__ = "catalogue_changes"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    stamp: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())


class Variant(Base):
    """One thing that can be bought, known by its SKU. Weight in grams, measures in millimetres, cost of one unit.

    `quantity_decimals`: how finely its unit is divided, 0 for pieces. `options`: its value of each option.
    """

    __tablename__ = "variants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    barcode: Mapped[str | None] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(200))
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_TEXTS, default=dict)
    status: Mapped[ProductStatus] = mapped_column(Choice(ProductStatus), server_default="active")
    tax_category: Mapped[TaxCategory] = mapped_column(Choice(TaxCategory))
    commissionable: Mapped[bool]
    unit: Mapped[str] = mapped_column(String(20), server_default="piece", default="piece")
    quantity_decimals: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"), default=0)
    weight: Mapped[int | None]
    length: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    cost_amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    cost_currency: Mapped[str | None] = mapped_column(String(3))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    request_digest: Mapped[bytes | None]

    __table_args__ = (UniqueConstraint("product_id", "position"), Index("ix_variants_listed", "created_at", "id"))


class ProductLink(Base):
    """A product leads to another: beside it, above it, or as its accessory."""

    __tablename__ = "product_links"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(Choice(LinkKind), primary_key=True)
    linked_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(SmallInteger)


class ProductImage(Base):
    """A picture of a product, re-encoded; `key` is where its sizes are stored. Width and height in pixels."""

    __tablename__ = "product_images"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    key: Mapped[str] = mapped_column(String(64), index=True)
    alt: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=NO_TEXTS, default=dict)
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    request_digest: Mapped[bytes | None]


class ContentBlock(Base, Kept):
    """A text of the shop that some groups see, or everyone where none is named."""

    __tablename__ = "content_blocks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    placement: Mapped[str] = mapped_column(String(40), index=True)
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"), default=0)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    group_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default=NO_TEXTS, default=list)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    request_digest: Mapped[bytes | None]

    __table_args__ = (Index("ix_content_blocks_listed", "created_at", "id"),)
