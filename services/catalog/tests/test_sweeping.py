"""Files that no product came to show: which they are, and that they go while all others stay."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog import settings
from services.catalog.adapters.images import store
from services.catalog.domain.images import (
    PARTS,
    SETTLED_AFTER,
    StrangeFiles,
    keys_in,
    lost,
    part_at,
    stored_as,
)
from services.catalog.handlers.commands.images import add_product_image
from services.catalog.handlers.jobs.images import SweepPictures, sweep_pictures
from services.catalog.tests.bucket import *  # noqa: F403
from services.catalog.tests.bucket import S3
from services.catalog.tests.pictures import *  # noqa: F403
from services.catalog.tests.pictures import Add, Uploads, a_photo
from services.catalog.tests.samples import KEEPER, Shop
from shared.contracts.catalog.images import AddProductImage, ImageSize

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
KEYS = ["ab" + str(number).zfill(62) for number in range(12)]
moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1))


def files(*keys: str) -> list[str]:
    return [stored_as(key, size) for key in keys for size in ImageSize]


def turn_of(key: str) -> datetime:
    """Return a moment, later than what settles, at which the folder of a key has its turn."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + SETTLED_AFTER + timedelta(days=1, seconds=(int(key[:2], 16) + 0.5) * 86_400 / PARTS)


@given(moments)
def test_every_folder_has_its_turn_within_a_day(begun: datetime) -> None:
    runs = range(0, 86_400 + 300, (SweepPictures.every and int(SweepPictures.every)) or 1)

    assert len({part_at(begun + timedelta(seconds=seconds)) for seconds in runs}) == PARTS


@pytest.mark.parametrize(
    ("seconds", "part"), [(0, "00"), (337, "00"), (338, "01"), (43_200, "80"), (86_399, "ff"), (86_400, "00")]
)
def test_each_folder_has_a_part_of_the_day(seconds: int, part: str) -> None:
    assert part_at(MIDNIGHT + timedelta(seconds=seconds)) == part


@pytest.mark.parametrize(
    "name", ["readme.txt", "ab/large.webp", f"cd/{KEYS[0]}/large.webp", f"ab/{KEYS[0]}", "ab/x/y/z"]
)
def test_what_is_not_called_as_pictures_are_is_left_alone(name: str) -> None:
    assert keys_in([name]) == set()
    assert lost([name], []) == []


def test_what_is_lost_is_what_no_product_shows_and_what_was_left_unfinished() -> None:
    unfinished = f"ab/{KEYS[1]}/.00ff"

    assert lost([*files(*KEYS[:3]), unfinished], KEYS[1:3]) == sorted([*files(KEYS[0]), unfinished])


@pytest.mark.parametrize(("kept", "shown", "strange"), [(3, 0, False), (4, 0, True), (10, 5, False), (10, 4, True)])
def test_where_most_is_of_no_product_nothing_is_taken_for_lost(kept: int, shown: int, strange: bool) -> None:
    names = files(*KEYS[:kept])
    if not strange:
        assert len(lost(names, KEYS[:shown])) == 3 * (kept - shown)
        return
    with pytest.raises(StrangeFiles, match=f"Of {kept} pictures kept in a folder, {kept - shown} are of no product"):
        lost(names, KEYS[:shown])


@pytest.fixture(params=["folder", "bucket"])
def aged(request: pytest.FixtureRequest, folder: Path, s3: S3) -> Callable[[str, timedelta], None]:
    """Keep pictures in a folder or a bucket; return what makes those of a key as old as one says."""
    if request.param == "bucket":
        settings.use(s3.settings())

    def age(key: str, by: timedelta) -> None:
        for path in folder.rglob(f"{key}/*"):
            os.utime(path, (moment := time.time() - by.total_seconds(), moment))
        for path, (data, put) in s3.objects.items():
            if key in path:
                s3.objects[path] = data, put - by

    return age


async def stored(key: str) -> int:
    """Return how many sizes of a picture are kept."""
    kept = store(settings.current())
    return sum([await kept.get(name) is not None for name in files(key)])


async def keys_kept() -> set[str]:
    kept = store(settings.current())
    later = datetime.now(UTC) + timedelta(days=1)
    return {key for part in range(PARTS) for key in keys_in(await kept.held(f"{part:02x}", later))}


async def test_a_picture_whose_request_was_killed_before_it_was_recorded_is_swept(
    shop: Shop, add: Add, uploads: Uploads, aged: Callable[[str, timedelta], None]
) -> None:
    product = await shop.sells("chair")
    shown = (await add(product.id)).images[0].url.split("/")[3]
    killed = shop.work_as(KEEPER, request_key="killed")
    await add_product_image(AddProductImage(id=product.id, upload_id=await uploads(a_photo("blue"))), killed)
    await killed.session.rollback()
    await killed.session.close()
    (left,) = await keys_kept() - {shown}

    aged(shown, timedelta(days=30))
    for key in (left, shown):
        # Not yet: the request may still be at work, or come again.
        await shop(sweep_pictures, SweepPictures(), as_of=turn_of(key) - timedelta(days=2))
    assert (await stored(left), await stored(shown)) == (3, 3)
    for key in (left, shown):
        await shop(sweep_pictures, SweepPictures(), as_of=turn_of(key))

    assert (await stored(left), await stored(shown)) == (0, 3)


async def test_a_database_without_pictures_says_nothing_of_what_is_kept(
    shop: Shop, aged: Callable[[str, timedelta], None]
) -> None:
    await store(settings.current()).put(dict.fromkeys(files(KEYS[0]), b"RIFF"))

    await shop(sweep_pictures, SweepPictures(), as_of=turn_of(KEYS[0]))

    assert await stored(KEYS[0]) == 3


async def test_the_pictures_of_another_house_are_left_alone(
    shop: Shop, add: Add, aged: Callable[[str, timedelta], None]
) -> None:
    await add((await shop.sells("chair")).id)
    await store(settings.current()).put(dict.fromkeys(files(*KEYS), b"RIFF"))

    with pytest.raises(StrangeFiles):
        await shop(sweep_pictures, SweepPictures(), as_of=turn_of(KEYS[0]))

    assert [await stored(key) for key in KEYS] == [3] * len(KEYS)


async def test_nothing_is_swept_where_the_operator_says_so(
    shop: Shop, add: Add, aged: Callable[[str, timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    await add((await shop.sells("chair")).id)
    await store(settings.current()).put(dict.fromkeys(files(KEYS[0]), b"RIFF"))
    own = settings.current().model_copy(update={"images_swept": False})
    monkeypatch.setattr(settings, "current", lambda: own)

    await shop(sweep_pictures, SweepPictures(), as_of=turn_of(KEYS[0]))
    assert await stored(KEYS[0]) == 3

    monkeypatch.undo()
    await shop(sweep_pictures, SweepPictures(), as_of=turn_of(KEYS[0]))
    assert await stored(KEYS[0]) == 0
