"""Examples of the pictures of products."""

from typing import Any

from services.gateway.examples.people import IMAGE, PRODUCT, UPLOAD

KEY = "5f1c" * 16
ALT = {"fr": "Un paquet de café en grains", "en": "A bag of coffee beans"}

SENT: dict[str, dict[str, Any]] = {
    "AddProductImage": {"upload_id": UPLOAD, "alt": ALT},
    "ChangeProductImage": {"alt": ALT},
    "OrderProductImages": {"image_ids": [IMAGE]},
    "RemoveProductImage": {},
}

ANSWERED: dict[str, Any] = {
    "ProductImages": {
        "id": PRODUCT,
        "images": [
            {
                "id": IMAGE,
                "alt": ALT,
                "url": f"/v1/images/{KEY}/large",
                "medium": f"/v1/images/{KEY}/medium",
                "thumbnail": f"/v1/images/{KEY}/thumbnail",
                "width": 1600,
                "height": 1200,
            }
        ],
        "version": 4,
    },
    # One brown pixel, as WebP.
    "ImageFile": {"data": b"UklGRjQAAABXRUJQVlA4ICgAAADQAQCdASoBAAEAAUAmJZgCdLoB-AADsAD-8dyP996A3k__bsFnLGAA"},
}
