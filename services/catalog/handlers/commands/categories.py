"""Changes of the tree that products stand in. The rule book is raised first: two of them follow one another."""

from services.catalog.domain.categories import check_empty, placed
from services.catalog.domain.reach import Reach
from services.catalog.handlers.jobs.price_history import follow_prices
from services.catalog.handlers.recording.forgetting import forget
from services.catalog.models import Category
from services.catalog.repository import categories, rulebook
from shared.contracts.catalog.categories import (
    CategoryChanged,
    CategoryCodeTaken,
    CategoryCreated,
    CategoryDeleted,
    CategoryNotFound,
    CategorySnapshot,
    CategoryView,
    ChangeCategory,
    CreateCategory,
    DeleteCategory,
    MoveCategory,
)
from shared.contracts.values import Done
from shared.database.rows import lock
from shared.messaging.handler import handler
from shared.messaging.work import UnitOfWork, Work


@handler
async def create_category(command: CreateCategory, work: Work) -> CategoryView:
    id_ = work.made_id(CreateCategory.subject)
    if made := await work.made_before(Category, id_):
        return CategoryView.model_validate(made)
    await rulebook.changed(work.session)
    await _check_code(command.code, work)
    path = placed(id_, await categories.path_of(work.session, command.parent_id))
    position = command.position
    if position is None:
        position = await categories.last_position(work.session, command.parent_id)
    given = command.model_dump(exclude={"position"})
    category = Category(id=id_, path=path, position=position, version=1, request_digest=work.digest, **given)
    work.session.add(category)
    await work.session.flush()
    await work.session.refresh(category)
    work.emit(CategoryCreated(category=CategorySnapshot.model_validate(category)))
    return CategoryView.model_validate(category)


@handler
async def change_category(command: ChangeCategory, work: Work) -> CategoryView:
    await rulebook.changed(work.session)
    category = await _locked(command, work)
    if command.code not in (None, category.code):
        await _check_code(str(command.code), work)
    for name, value in command.model_dump(exclude={"id", "expected_version"}, exclude_none=True).items():
        setattr(category, name, value)
    work.emit(CategoryChanged(category=CategorySnapshot.model_validate(category)))
    return CategoryView.model_validate(category)


@handler
async def move_category(command: MoveCategory, work: Work) -> CategoryView:
    session = work.session
    await rulebook.changed(session)
    category = await _locked(command, work)
    above = await categories.path_of(session, command.parent_id)
    path = placed(category.id, above, await categories.levels(session, category))
    position = command.position
    if position is None:
        position = await categories.last_position(session, command.parent_id)
    category.parent_id, category.position = command.parent_id, position
    await categories.move(session, category, path)
    await follow_prices(work, f"category {category.id} {category.version}", Reach(category_ids=(category.id,)))
    work.emit(CategoryChanged(category=CategorySnapshot.model_validate(category)))
    return CategoryView.model_validate(category)


@handler
async def delete_category(command: DeleteCategory, work: Work) -> Done:
    await rulebook.changed(work.session)
    category = await _locked(command, work)
    check_empty(*await categories.standing(work.session, category.id))
    work.emit(CategoryDeleted(category=CategorySnapshot.model_validate(category)))
    await forget(work, [category.id])
    await work.session.delete(category)
    return Done(id=command.id)


async def _locked(command: ChangeCategory | MoveCategory | DeleteCategory, work: UnitOfWork) -> Category:
    return await lock(work.session, Category, command.id, CategoryNotFound(), command.expected_version)


async def _check_code(code: str, work: UnitOfWork) -> None:
    if await categories.by_code(work.session, code) is not None:
        raise CategoryCodeTaken(f"Another category has the code {code}; choose another.", code=code)
