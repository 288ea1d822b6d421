"""/v1/uploads: files on their way in."""

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.answers import passed
from services.gateway.deps import Ask, Asked
from services.gateway.problems import BodyTooLarge, UploadCutShort
from services.gateway.receiving import take_in
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.uploads import (
    AddPart,
    CompleteUpload,
    StartUpload,
    UploadDamaged,
    UploadEmpty,
    UploadNotFound,
)
from shared.contracts.values import Contract, Text

router = resource("/uploads", "uploads")


class SendFile(Contract):
    """Takes in a file: the body is its bytes, of any type. Use it within a day, or it is deleted."""

    name: Text = Field(default="file", description="What the file is called.")


PROBLEMS = (BodyTooLarge, UploadCutShort, UploadNotFound, UploadDamaged, UploadEmpty)
SAYS = {"asks": (StartUpload, AddPart, CompleteUpload), "takes": "application/octet-stream"}


@router.post("", status_code=201, responses=refusing(*PROBLEMS), openapi_extra=SAYS)
async def upload_file(request: Request, query: Asked[SendFile], ask: Ask) -> Response:
    """Upload a file."""
    return passed(await take_in(request, query.name, ask), 201)
