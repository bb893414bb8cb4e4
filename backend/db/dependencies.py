"""The unit of work as a FastAPI dependency: committed before the answer leaves."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from backend.db.engine import unit_of_work


def _reading() -> Iterator[Session]:
    with unit_of_work(write=False) as session:
        yield session


def _writing() -> Iterator[Session]:
    with unit_of_work(write=True) as session:
        yield session


ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
