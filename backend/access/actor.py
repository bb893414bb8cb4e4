"""Who acts, for which shop, with which rights, out of which conversation."""

from dataclasses import dataclass
from enum import StrEnum

from backend.access.permissions import ROLE_PERMISSIONS, Permission
from backend.desk.models import Staff
from backend.errors import Forbidden
from backend.shops.models import Member


class ActorKind(StrEnum):
    MEMBER = "member"
    AGENT = "agent"
    OPERATIONS = "operations"
    PRO = "pro"  # the scheduler


@dataclass(frozen=True)
class Actor:
    kind: ActorKind
    id: str
    name: str
    shop_id: str
    permissions: frozenset[Permission]
    conversation_id: str | None = None
    on_behalf_of: str | None = None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raises Forbidden, naming the missing permission."""
        if permission not in self.permissions:
            raise Forbidden("this role may not do that", permission=permission.value)


def member_actor(member: Member, conversation_id: str | None = None) -> Actor:
    return Actor(
        ActorKind.MEMBER, member.id, member.name, member.shop_id, ROLE_PERMISSIONS[member.role], conversation_id
    )


def staff_actor(staff: Staff, shop_id: str, conversation_id: str | None = None, member: str | None = None) -> Actor:
    """A staff person acting on one shop; `member` is whom they act for, kept in the audit."""
    return Actor(
        ActorKind(staff.role.value),
        staff.id,
        staff.name,
        shop_id,
        ROLE_PERMISSIONS[staff.role],
        conversation_id,
        member,
    )


def pro_actor(shop_id: str) -> Actor:
    return Actor(ActorKind.PRO, "pro", "PRO", shop_id, frozenset(Permission))
