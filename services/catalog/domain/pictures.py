"""What becomes of a file with a picture in it: checked by its content, shrunk, and written anew as WebP. Pure.

Nothing of the file itself is passed on, so that nothing hidden in it is: no place it was taken at, no script, no
second file behind the first. The work takes up to a few seconds of a processor.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from uuid import UUID

from PIL import ExifTags, Image, ImageCms

from shared.contracts.catalog.images import MOST_BYTES, MOST_PIXELS, ImageInvalid, ImageSize
from shared.kernel.problems import FieldError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
EDGES = {ImageSize.LARGE: 1600, ImageSize.MEDIUM: 600, ImageSize.THUMBNAIL: 200}
QUALITIES = (82, 70, 55, 40)
LARGEST_FILE = 600_000
"""Bytes of a stored picture, at most: in base64 it still fits into one message of the bus (1 MB)."""
SMALLER = 0.7
DECODED = 2 * EDGES[ImageSize.LARGE]
SIXTEEN_TO_EIGHT = 1 / 257
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned upright, by what its EXIF says of the camera."""
SRGB = ImageCms.createProfile("sRGB")
# What Pillow refuses by itself, before a byte of it is decoded; its warning, at half of its refusal, is a refusal here.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in every size, as WebP files. `key` names it; width and height are the large one's, in pixels."""

    key: str
    width: int
    height: int
    files: Mapping[ImageSize, bytes]


def reencoded(image_id: UUID, data: bytes) -> Picture:
    """Return the picture in a file, as it is kept. Raises ImageInvalid, saying what is wrong with the file.

    The key is a digest of the picture and of the product's image it is: no two images share their files, so that one
    can be removed without asking who else shows it, and not even the owner of the same photograph can tell the key.
    """
    upright = _upright(data)
    drawn = {size: _drawn(upright, edge) for size, edge in EDGES.items()}
    files = {size: file for size, (_, file) in drawn.items()}
    digest = sha256(image_id.bytes)
    for file in files.values():
        digest.update(file)
    large, _ = drawn[ImageSize.LARGE]
    return Picture(digest.hexdigest(), large.width, large.height, files)


def check_size(size: int) -> None:
    """Refuse a file of more bytes than one with a picture may have. Raises ImageInvalid."""
    if size > MOST_BYTES:
        raise _invalid("TOO_LARGE", f"It has {size} bytes; send one of at most {MOST_BYTES}.")


def _upright(data: bytes) -> Image.Image:
    """Return the first picture of a file: in sRGB, the right way up, at most twice as large as it will be."""
    check_size(len(data))
    image = _opened(data)
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    try:
        # A JPEG is decoded at a fraction of its size where that is enough; other files know no such thing.
        image.draft(None, (DECODED, DECODED))
        image.load()
        turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
        fitted = _in_colours(_fitted(_mixable(image), DECODED), image.info.get("icc_profile"))
        return fitted.transpose(turn) if turn is not None else fitted
    except Exception as error:  # whatever a decoder makes of a broken file; Pillow names no family of exceptions
        raise _invalid("BROKEN", "It is damaged or cut off; export or send it again.") from error


def _opened(data: bytes) -> Image.Image:
    """Return what the beginning of a file says of it; nothing is decoded yet."""
    try:
        return Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise _invalid("NO_PICTURE", "It is no JPEG, PNG, WebP or GIF, whatever its name says.") from error


def _mixable(image: Image.Image) -> Image.Image:
    """Return a picture whose neighbouring pixels can be mixed: no palette, eight bits a channel, clear where it is."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey, of which a plain conversion would make white of all but the darkest.
        return image.convert("I").point(lambda grey: grey * SIXTEEN_TO_EIGHT).convert("L")
    if image.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
        return image
    return image.convert("RGBA")


def _in_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in the colours that every screen shows, those of its own profile turned into them."""
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile is None or image.mode == "L":
        return image.convert(wanted)
    try:
        found = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, found, SRGB, outputMode=wanted) or image
    except (ImageCms.PyCMSError, OSError):  # a profile that cannot be read says nothing of the colours
        return image.convert(wanted)


def _drawn(image: Image.Image, edge: int) -> tuple[Image.Image, bytes]:
    """Return a picture no larger than `edge` in either direction, and its file, light enough to be passed on."""
    while True:
        fitted = _fitted(image, edge)
        for file in _written(fitted):
            if len(file) <= LARGEST_FILE:
                return fitted, file
        edge = int(edge * SMALLER)


def _fitted(image: Image.Image, edge: int) -> Image.Image:
    if max(image.size) <= edge:
        return image
    scale = edge / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _written(image: Image.Image) -> Iterator[bytes]:
    """Yield a picture as a WebP file, ever lighter."""
    for quality in QUALITIES:
        file = BytesIO()
        image.save(file, "WEBP", quality=quality, method=4, exif=b"", icc_profile=b"", xmp=b"")
        yield file.getvalue()


def _too_many_pixels() -> ImageInvalid:
    most = MOST_PIXELS // 1_000_000
    return _invalid("TOO_MANY_PIXELS", f"It has more than {most} megapixels; send it smaller.")


def _invalid(code: str, message: str) -> ImageInvalid:
    detail = f"The file is no picture that can be shown. {message}"
    return ImageInvalid(detail, errors=[FieldError("/upload_id", code, message)])
