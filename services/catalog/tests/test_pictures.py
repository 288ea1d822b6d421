"""What becomes of files with pictures: generated here in every kind, and broken in every way."""

import struct
import zlib
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from services.catalog.domain.pictures import LARGEST_FILE, reencoded
from shared.contracts.catalog.images import MOST_BYTES, ImageFile, ImageInvalid, ImageSize
from shared.kernel.ids import new_id

THIS = new_id()
RED, BLUE = (255, 0, 0), (0, 0, 255)
HERE_AND_THEN = b"48.8566 N 2.3522 E"


def file(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def plain(width: int, height: int, colour: Any = RED, mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (width, height), colour)


def halves(width: int = 400, height: int = 100) -> Image.Image:
    """Return a picture that is red on the left and blue on the right."""
    image = plain(width, height)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def drawn(data: bytes, size: ImageSize = ImageSize.LARGE) -> Image.Image:
    """Return what a stored file shows."""
    image = Image.open(BytesIO(reencoded(THIS, data).files[size]))
    image.load()
    assert image.format == "WEBP"
    return image


def near(pixel: Any, colour: tuple[int, ...]) -> bool:
    return all(abs(found - wanted) <= 12 for found, wanted in zip(pixel, colour, strict=True))


def refusal(data: bytes) -> str:
    """Return why a file is refused."""
    with pytest.raises(ImageInvalid) as refused:
        reencoded(THIS, data)
    (error,) = refused.value.errors
    assert error.pointer == "/upload_id"
    assert error.message in refused.value.detail
    return error.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_of_each_kind_is_kept_in_three_sizes(kind: str) -> None:
    picture = reencoded(THIS, file(halves(2000, 1000), kind))

    sizes = {size: Image.open(BytesIO(data)).size for size, data in picture.files.items()}
    assert sizes == {ImageSize.LARGE: (1600, 800), ImageSize.MEDIUM: (600, 300), ImageSize.THUMBNAIL: (200, 100)}
    assert (picture.width, picture.height) == (1600, 800)
    large = drawn(file(halves(2000, 1000), kind)).convert("RGB")
    assert near(large.getpixel((100, 400)), RED)
    assert near(large.getpixel((1500, 400)), BLUE)


def test_a_small_picture_is_not_enlarged() -> None:
    picture = reencoded(THIS, file(plain(50, 30)))

    assert {Image.open(BytesIO(data)).size for data in picture.files.values()} == {(50, 30)}


def test_the_longest_line_keeps_a_pixel_of_its_width() -> None:
    assert drawn(file(plain(8000, 1)), ImageSize.THUMBNAIL).size == (200, 1)


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (400, 100), (20, 50)), (3, (400, 100), (380, 50)), (6, (100, 400), (50, 20)), (8, (100, 400), (50, 380))],
)
def test_a_picture_is_turned_as_the_camera_was_held(orientation: int, size: Any, red_at: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    image = drawn(file(halves(), "JPEG", exif=exif, quality=95)).convert("RGB")

    assert image.size == size
    assert near(image.getpixel(red_at), RED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_and_when_a_picture_was_taken_is_not_kept(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = HERE_AND_THEN.decode()
    said = PngImagePlugin.PngInfo()
    said.add_text("Location", HERE_AND_THEN.decode())
    data = file(halves(), kind, exif=exif, **({"pnginfo": said} if kind == "PNG" else {"xmp": HERE_AND_THEN}))
    assert HERE_AND_THEN in data

    picture = reencoded(THIS, data + HERE_AND_THEN)

    for written in picture.files.values():
        assert HERE_AND_THEN not in written
        assert not Image.open(BytesIO(written)).getexif()
        assert not {"exif", "xmp", "icc_profile"} & Image.open(BytesIO(written)).info.keys()


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    data = file(plain(40, 40, RED), "GIF", save_all=True, append_images=[plain(40, 40, BLUE)])

    assert near(drawn(data).convert("RGB").getpixel((20, 20)), RED)


def test_what_is_clear_stays_clear() -> None:
    palette = plain(40, 40, 1, "P")
    palette.putpalette([0, 0, 0, 255, 0, 0])

    for data in (file(plain(40, 40, (255, 0, 0, 0), "RGBA")), file(palette, "PNG", transparency=1)):
        assert drawn(data).getpixel((20, 20))[3] == 0


def test_colours_come_out_as_they_were_meant() -> None:
    grey = drawn(file(plain(40, 40, 40_000, "I;16"))).convert("RGB")
    print_ink = drawn(file(plain(40, 40, (0, 255, 255, 0), "CMYK"), "JPEG")).convert("RGB")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert near(grey.getpixel((20, 20)), (155, 155, 155))
    assert near(print_ink.getpixel((20, 20)), RED)
    assert near(drawn(file(halves(), "JPEG", icc_profile=srgb)).getpixel((20, 50)), RED)
    assert near(drawn(file(halves(), "JPEG", icc_profile=b"no profile")).getpixel((20, 50)), RED)


def test_the_heaviest_picture_fits_into_a_message() -> None:
    noise = Image.effect_noise((1600, 1600), 200)
    picture = reencoded(
        THIS, file(Image.merge("RGB", [noise, noise.rotate(90), noise.rotate(180)]), "JPEG", quality=90)
    )

    assert all(len(data) <= LARGEST_FILE for data in picture.files.values())
    assert len(ImageFile(data=bytes(LARGEST_FILE)).model_dump_json()) < 1_000_000
    assert Image.open(BytesIO(picture.files[ImageSize.LARGE])).size == (picture.width, picture.height)


def test_a_key_is_the_same_for_the_same_image_and_another_for_another() -> None:
    data = file(halves())
    picture = reencoded(THIS, data)

    assert reencoded(THIS, data).key == picture.key
    assert len({picture.key, reencoded(new_id(), data).key, reencoded(THIS, file(plain(40, 40))).key}) == 3
    assert len(picture.key) == 64


def a_png_that_says(width: int, height: int) -> bytes:
    """Return a PNG whose header announces a size, and whose pixels are a few bytes that never end."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(10_000)))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")  # as it is outside of tests
@pytest.mark.parametrize(
    ("width", "height"), [(60_000, 60_000), (8_000, 5_001), (2**31 - 1, 1), (2**31 - 1, 2**31 - 1), (40_000_001, 1)]
)
def test_a_bomb_is_refused_by_what_its_header_says(width: int, height: int) -> None:
    assert refusal(a_png_that_says(width, height)) == "TOO_MANY_PIXELS"


def test_a_header_that_promises_more_than_follows_is_refused() -> None:
    assert refusal(a_png_that_says(8_000, 5_000)) == "BROKEN"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_cut_off_is_refused(kind: str) -> None:
    noise = Image.effect_noise((300, 300), 100).convert("RGB")
    data = file(noise, kind)

    assert refusal(data[: len(data) // 2]) in ("BROKEN", "NO_PICTURE")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        file(plain(10, 10), "BMP"),
        file(plain(10, 10), "TIFF"),
        file(plain(10, 10), "ICO"),
    ],
    ids=["nothing", "text", "svg", "pdf", "signature alone", "bmp", "tiff", "ico"],
)
def test_what_is_no_picture_of_ours_is_refused(data: bytes) -> None:
    assert refusal(data) == "NO_PICTURE"


def test_a_file_too_large_is_refused_unread() -> None:
    assert refusal(file(plain(10, 10)) + bytes(MOST_BYTES)) == "TOO_LARGE"


KINDS: dict[str, bytes] = {kind: file(halves(64, 64), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF")}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8))
def test_whatever_becomes_of_a_file_it_is_kept_or_refused(kind: str, changes: list[tuple[float, int]]) -> None:
    data = bytearray(KINDS[kind])
    for place, value in changes:
        data[int(place * len(data))] = value

    try:
        found = set(reencoded(UUID(int=1), bytes(data)).files)
    except ImageInvalid as refused:
        found = {refused.errors[0].code}
    assert found == set(ImageSize) or found <= {"BROKEN", "NO_PICTURE", "TOO_MANY_PIXELS"}
