"""Is the database at the newest migration? Answered without Alembic, which every service would have to import."""

import ast
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

_SQLSTATE_UNDEFINED_TABLE: Final = "42P01"


async def current_is_head(engine: AsyncEngine, migrations_dir: Path, *, schema: str | None = None) -> bool:
    """Whether the database is at the newest migration of this code. Without `schema` the role's search path decides."""
    async with engine.connect() as connection:
        if schema is not None:
            await connection.execute(text("SELECT set_config('search_path', :schema, true)"), {"schema": schema})
        try:
            rows = await connection.execute(text("SELECT version_num FROM alembic_version"))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _SQLSTATE_UNDEFINED_TABLE:
                return False
            raise
        return {row.version_num for row in rows} == head_revisions(migrations_dir)


@lru_cache(maxsize=16)
def head_revisions(migrations_dir: Path) -> frozenset[str]:
    """The revisions that no other one follows, read from the files under `versions` without running them."""
    revisions: set[str] = set()
    followed: set[str] = set()
    for file in sorted((migrations_dir / "versions").glob("*.py")):
        names = _assignments(file)
        if isinstance(names.get("revision"), str):
            revisions.add(names["revision"])
            before = names.get("down_revision")
            followed.update([before] if isinstance(before, str) else before or ())
    return frozenset(revisions - followed)


def _assignments(file: Path) -> dict[str, Any]:
    """The constants that a module assigns to plain names, with or without annotations."""
    found: dict[str, Any] = {}
    for node in ast.parse(file.read_text(encoding="utf-8"), str(file)).body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets: list[ast.expr] = [node.target]
        elif isinstance(node, ast.Assign):
            targets = [name for target in node.targets for name in _names(target)]
        else:
            continue
        found.update(_constants(targets, node.value))
    return found


def _names(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, ast.Tuple) else [target]


def _constants(targets: list[ast.expr], value: ast.expr | None) -> dict[str, Any]:
    try:
        constant = ast.literal_eval(value) if value is not None else None
    except ValueError:
        return {}
    values = constant if len(targets) > 1 and isinstance(constant, tuple) else (constant,) * len(targets)
    return {target.id: item for target, item in zip(targets, values, strict=False) if isinstance(target, ast.Name)}
