"""/health: the process lives. /ready: it can do its work, i.e. the database and the assistant answer."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backend.conversations.hub import hub_of
from backend.db.engine import unit_of_work

router = APIRouter(tags=["health"])
Part = Literal["ok", "down"]


class HealthOut(BaseModel):
    status: Part


class ReadyOut(BaseModel):
    status: Part
    db: Part
    rasa: Part


@router.get("/health", response_model=HealthOut)
async def health() -> HealthOut:
    return HealthOut(status="ok")


@router.get("/ready", response_model=ReadyOut, responses={503: {"model": ReadyOut}})
async def ready(request: Request, response: Response) -> ReadyOut:
    db: Part = "ok" if await run_in_threadpool(_database_answers) else "down"
    rasa: Part = "ok" if await hub_of(request.app).rasa.alive() else "down"
    status: Part = "ok" if db == rasa == "ok" else "down"
    if status == "down":
        response.status_code = 503
    return ReadyOut(status=status, db=db, rasa=rasa)


def _database_answers() -> bool:
    try:
        with unit_of_work(write=False) as session:
            session.execute(text("SELECT 1 FROM shops LIMIT 1"))
    except SQLAlchemyError:
        return False
    return True
