"""The wire shapes of a shop, its people and its required settings."""

from typing import Any

from pydantic import BaseModel

from backend.shops.models import ProState, Role
from backend.shops.required import SetupKey


class ShopOut(BaseModel):
    id: str
    name: str
    mall_id: str
    pro_state: ProState


class MemberOut(BaseModel):
    id: str
    name: str
    role: Role


class MeOut(BaseModel):
    shop: ShopOut
    member: MemberOut
    permissions: list[str]


class FixOut(BaseModel):
    code: str
    href: str
    item: str


class SetupOut(BaseModel):
    key: SetupKey
    done: bool
    needed_by: list[str]
    evidence: dict[str, Any]
    fix: FixOut
