"""The declarative base, and the column types every feature shares."""

import enum
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Enum, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python on every database; a naive value is refused, for nobody knows what it means.

    SQLite keeps a text. SQLAlchemy would write and read it through a dictionary and a naive value; here it is written
    and read at once, in the same form: 2026-11-18 03:00:00.123456.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        return _text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a naive datetime has no place in the database")
    return value.astimezone(UTC)


def _text(value: datetime | None) -> str | None:
    if value is None:
        return None
    at = value if value.tzinfo is UTC else _utc(value)
    return f"{at.date().isoformat()} {at.time().isoformat('microseconds')}"


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: UtcDateTime,
        # the value, as the API says it; no check constraint, so that a new member needs no migration
        enum.Enum: Enum(
            enum.Enum, native_enum=False, length=40, values_callable=lambda members: [m.value for m in members]
        ),
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        str: String,  # lengths belong to the wire schemas: PostgreSQL would refuse what SQLite keeps
    }


Id = Mapped[str]


def id_column() -> Mapped[str]:
    return mapped_column(String(40), primary_key=True)
