"""Which step may follow in which state of which kind of claim: the plan kinds obey it, and the answers offer it."""

from backend.claims.models import Claim
from backend.errors import Conflict
from backend.orders.states import ClaimKind, ClaimState

C, K = ClaimState, ClaimKind
UNDECIDED = frozenset({C.REQUESTED, C.HELD})
_GOODS_COMING = frozenset({C.ACCEPTED, C.COLLECTING})
_GOODS_HERE = frozenset({C.COLLECTED, C.INSPECTED})
_NONE: frozenset[ClaimState] = frozenset()

STEPS: dict[str, dict[ClaimKind, frozenset[ClaimState]]] = {
    "accept": {K.CANCEL: UNDECIDED, K.RETURN: UNDECIDED, K.EXCHANGE: UNDECIDED},
    "collect": {K.CANCEL: _GOODS_COMING, K.RETURN: _GOODS_COMING, K.EXCHANGE: _GOODS_COMING},
    "inspect": {K.CANCEL: frozenset({C.COLLECTED}), K.RETURN: frozenset({C.COLLECTED}), K.EXCHANGE: frozenset({C.COLLECTED})},
    "finish": {
        K.CANCEL: _GOODS_COMING | _GOODS_HERE,
        K.RETURN: _GOODS_COMING | _GOODS_HERE,
        K.EXCHANGE: frozenset({C.RESHIPPING}),
    },
    "reject": {
        K.CANCEL: UNDECIDED,
        K.RETURN: UNDECIDED | _GOODS_COMING | _GOODS_HERE,
        K.EXCHANGE: UNDECIDED | _GOODS_COMING | _GOODS_HERE,
    },
    "withdraw": {
        K.CANCEL: UNDECIDED | {C.ACCEPTED},
        K.RETURN: UNDECIDED | _GOODS_COMING,
        K.EXCHANGE: UNDECIDED | _GOODS_COMING,
    },
}  # fmt: skip
#: steps that have to do with goods coming back: for claims after shipping only
_OF_GOODS = frozenset({"collect", "inspect"})


def may(claim: Claim, step: str) -> bool:
    if step in _OF_GOODS and not claim.after_shipping:
        return False
    return claim.state in STEPS[step].get(claim.kind, _NONE)


def possible(claim: Claim) -> list[str]:
    return [step for step in STEPS if may(claim, step)]


def require(claim: Claim, step: str, order_no: str) -> None:
    """Raises Conflict `claim_step_refused` with what is possible instead."""
    if not may(claim, step):
        raise Conflict(
            "not in this state", code="claim_step_refused", step=step, kind=claim.kind.value, state=claim.state.value,
            order_no=order_no, after_shipping=claim.after_shipping, possible=possible(claim),
        )  # fmt: skip
