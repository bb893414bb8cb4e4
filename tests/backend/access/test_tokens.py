"""A token is good for one audience, one time and one signature."""

from datetime import timedelta
from itertools import permutations

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.access import tokens
from backend.errors import Unauthenticated
from backend.kit import clock
from backend.settings import get_settings

AUDIENCES = ("session", "turn", "staff")
SECRET = "identity-secret-of-a-mall-0123456789"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_token_carries_its_claims_until_its_time(audience: str, engine, now) -> None:
    token = tokens.issue(audience, "mem_1", timedelta(minutes=2), conversation="cnv_1")
    assert tokens.read(audience, token)["conversation"] == "cnv_1"
    with clock.frozen(now + timedelta(minutes=2, seconds=-1)):
        assert tokens.read(audience, token)["sub"] == "mem_1"
    with clock.frozen(now + timedelta(minutes=2)), pytest.raises(Unauthenticated) as refused:
        tokens.read(audience, token)
    assert refused.value.error_code == "token_expired"


@pytest.mark.parametrize(("issued", "read"), permutations((*AUDIENCES, "identity"), 2))
def test_a_token_for_one_audience_is_nothing_to_another(issued: str, read: str, engine, now) -> None:
    with pytest.raises(Unauthenticated):
        tokens.read(read, tokens.issue(issued, "mem_1", timedelta(hours=1)))


def test_a_token_of_tomorrow_is_not_taken_today(engine, now) -> None:
    with clock.frozen(now + timedelta(days=1)):
        token = tokens.issue("session", "mem_1", timedelta(days=3))
    with pytest.raises(Unauthenticated):
        tokens.read("session", token)


@pytest.mark.parametrize("missing", ["exp", "iat", "sub", "aud"])
def test_a_token_without_one_of_its_claims_is_refused(missing: str, engine, now) -> None:
    claims = {"aud": "opstalk:session", "sub": "m", "iat": now, "exp": now + timedelta(hours=1)}
    del claims[missing]
    with pytest.raises(Unauthenticated):
        tokens.read("session", jwt.encode(claims, get_settings().secret(), "HS256"))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=st.integers(0, 400), letter=st.sampled_from("AZaz09-_.=\u00e9"))
def test_no_changed_letter_goes_unnoticed(place: int, letter: str, engine, now) -> None:
    """Except in the last letter of the signature, whose low bits say nothing."""
    token = tokens.issue("session", "mem_1", timedelta(hours=1), conversation="cnv_1")
    place %= len(token) - 1
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        with pytest.raises(Unauthenticated):
            tokens.read("session", changed)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(junk=st.text(max_size=80))
def test_junk_is_refused_and_breaks_nothing(junk: str, engine, now) -> None:
    for read in (
        lambda: tokens.read("session", junk),
        lambda: tokens.read_identity(junk, SECRET),
        lambda: tokens.claimed_mall(junk),
    ):
        with pytest.raises(Unauthenticated):
            read()


def test_an_identity_lives_ten_minutes_at_most(engine, now) -> None:
    assert tokens.read_identity(tokens.issue_identity("mall", "owner", SECRET), SECRET)["sub"] == "owner"
    with pytest.raises(Unauthenticated) as refused:
        tokens.read_identity(tokens.issue_identity("mall", "owner", SECRET, timedelta(minutes=11)), SECRET)
    assert refused.value.error_code == "identity_too_long"


def test_an_identity_is_signed_by_its_own_mall(engine, now) -> None:
    with pytest.raises(Unauthenticated):
        tokens.read_identity(
            tokens.issue_identity("mall", "owner", SECRET), "another-malls-secret-another-malls-secret"
        )
    with pytest.raises(Unauthenticated):
        tokens.read("session", tokens.issue_identity("mall", "owner", SECRET))
