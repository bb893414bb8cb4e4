"""What an agent does with the conversation of a dialogue, through the desk's own services."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.conversations import takeover
from backend.db.engine import unit_of_work
from backend.desk.models import Staff, StaffRole
from tests.conversations.person import Person
from tests.conversations.stage import Stage

LOGIN = "stage-agent"


def _agent_of(session: Session) -> Staff:
    found = session.scalar(select(Staff).where(Staff.login == LOGIN))
    if found is None:
        found = Staff(id="stf_stage", login=LOGIN, name="고객지원 상담원", role=StaffRole.AGENT, password_hash="none")
        session.add(found)
        session.flush()
    return found


def operations_of(session: Session) -> Staff:
    found = session.scalar(select(Staff).where(Staff.login == "stage-operations"))
    if found is None:
        found = Staff(
            id="stf_stage_operations",
            login="stage-operations",
            name="PRO 운영팀",
            role=StaffRole.OPERATIONS,
            password_hash="none",
        )
        session.add(found)
        session.flush()
    return found


def agent_answers(stage: Stage, mall_id: str, person: Person, text: str = "확인해 보겠습니다.") -> None:
    with unit_of_work() as session:
        agent = _agent_of(session)
        takeover.claim(session, agent, person.conversation_id)
        takeover.reply(session, agent, person.conversation_id, text)


def agent_gives_back(stage: Stage, mall_id: str, person: Person) -> None:
    with unit_of_work() as session:
        takeover.give_back(session, _agent_of(session), person.conversation_id)


def agent_finishes(stage: Stage, mall_id: str, person: Person) -> None:
    with unit_of_work() as session:
        takeover.resolve(session, _agent_of(session), person.conversation_id)
