"""/v1/images: pictures of products, for everyone who knows their key."""

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.deps import Ask, Asked
from services.gateway.routing import refusing, resource
from shared.contracts.catalog.images import GetImage, ImageNotFound

WEBP = "image/webp"
# What is found under a key never changes; any page may show it, wherever it stands.
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin"}

router = resource("/images", "images")


@router.get("/{key}/{size}", responses=refusing(ImageNotFound), openapi_extra={"media": WEBP})
async def get_image(request: Request, query: Asked[GetImage], ask: Ask) -> Response:
    """Show a picture in one of its sizes."""
    tag = f'"{query.key}.{query.size}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, FOR_EVER | {"ETag": tag})
    return Response((await ask(query)).data, 200, FOR_EVER | {"ETag": tag}, WEBP)
