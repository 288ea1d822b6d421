"""Examples of uploads, imports and exports."""

from typing import Any

from services.gateway.examples.people import MOMENT, number

UPLOAD, IMPORT = number(60), number(61)
OPTIONS = {"currency": "EUR", "price_list": None, "warehouse": None, "delimiter": "auto"}

SENT: dict[str, dict[str, Any]] = {
    "StartImport": {
        "upload_id": UPLOAD,
        "kind": "products",
        "dry_run": True,
        "on_error": "all_or_nothing",
        "options": OPTIONS,
    },
}

ANSWERED: dict[str, Any] = {
    "UploadView": {
        "id": UPLOAD,
        "name": "products.csv",
        "size": 184_320,
        "complete": True,
        "created_at": MOMENT,
    },
    "ImportView": {
        "id": IMPORT,
        "upload_id": UPLOAD,
        "kind": "products",
        "state": "checked",
        "dry_run": True,
        "on_error": "all_or_nothing",
        "options": OPTIONS,
        "total_rows": 1200,
        "done_rows": 1200,
        "created_rows": 40,
        "changed_rows": 12,
        "unchanged_rows": 1147,
        "failed_rows": 1,
        "trouble": None,
        "created_at": MOMENT,
        "finished_at": MOMENT,
        "version": 4,
    },
    "FindingView": {
        "row": 17,
        "outcome": "error",
        "column": "price",
        "old": None,
        "value": "1,234",
        "code": "NUMBER_AMBIGUOUS",
        "message": "1,234 may mean 1234 or 1.234; write one of these.",
    },
    "ColumnsView": {
        "kind": "stock",
        "columns": [
            {"column": "sku", "meaning": "The variant that was counted.", "required": True, "example": "CAFE-1KG"},
            {"column": "on_hand", "meaning": "How many are there.", "required": True, "example": "120"},
        ],
    },
    "ExportView": {"columns": ["sku", "warehouse", "on_hand"], "rows": [["CAFE-1KG", "main", "120"]], "next": None},
}
