"""Alembic runs on the engine it is handed, or on the configured one."""

from alembic import context

from backend.db import models
from backend.db.engine import get_engine

engine = context.config.attributes.get("engine") or get_engine()
with engine.execution_options(opstalk_write=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        render_as_batch=engine.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="backend.db.base.",
    )
    with context.begin_transaction():
        context.run_migrations()
