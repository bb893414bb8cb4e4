"""Who may do what, and how another shop's thing looks: like nothing at all."""

from types import SimpleNamespace

import pytest

from backend.access.actor import Actor, pro_actor
from backend.access.dependencies import owned
from backend.access.permissions import ROLE_PERMISSIONS, Permission
from backend.desk.models import StaffRole
from backend.errors import Forbidden, NotFound
from backend.shops.models import Role

P = Permission


def test_every_role_has_its_rights_and_every_right_a_role() -> None:
    assert ROLE_PERMISSIONS.keys() == set(Role) | set(StaffRole)
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == set(Permission)


def test_only_the_owner_switches_widely_and_completes_settings() -> None:
    assert ROLE_PERMISSIONS[Role.OWNER] - ROLE_PERMISSIONS[Role.SUB_OPERATOR] == {
        P.OPERATIONS_SWITCH_ALL,
        P.SETUP_COMPLETE,
        P.INVENTORY_SETTINGS_OWN,
    }
    assert ROLE_PERMISSIONS[Role.SUB_OPERATOR] < ROLE_PERMISSIONS[Role.OWNER]


def test_members_do_no_staff_work_and_staff_do_not_write_as_members() -> None:
    for role in Role:
        assert not ROLE_PERMISSIONS[role] & {P.DESK_ANSWER, P.WORK_REQUESTS_ADVANCE}
    for staff in StaffRole:
        assert P.CHAT_WRITE not in ROLE_PERMISSIONS[staff]
    assert P.OPERATIONS_UNDO not in ROLE_PERMISSIONS[StaffRole.AGENT]


@pytest.mark.parametrize("permission", list(Permission))
def test_a_missing_right_is_named(permission: Permission, owner: Actor, sub_operator: Actor) -> None:
    for actor in (owner, sub_operator, pro_actor(owner.shop_id)):
        if actor.may(permission):
            actor.require(permission)
        else:
            with pytest.raises(Forbidden) as refused:
                actor.require(permission)
            assert refused.value.data == {"permission": permission.value}


def test_anothers_thing_and_no_thing_are_the_same(owner: Actor) -> None:
    mine = SimpleNamespace(shop_id=owner.shop_id)
    assert owned(mine, owner) is mine
    refusals = []
    for row in (None, SimpleNamespace(shop_id="shop_other"), SimpleNamespace(shop_id=None), SimpleNamespace()):
        with pytest.raises(NotFound) as refused:
            owned(row, owner)
        refusals.append(refused.value.problem())
    assert all(problem == refusals[0] for problem in refusals)
