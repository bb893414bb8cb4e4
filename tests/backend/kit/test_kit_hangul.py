"""Comparing words by jamo and finding names in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kit.hangul import best_matches, compact, decompose, find_mention, jamo_distance, similarity

NAMES = ["[오늘담] 울 니트 가디건 3color", "[오늘담] 케이블 니트", "린넨 원피스", "울 코트", "데님 팬츠"]
words = st.text(alphabet="가각갂나니트디건값왜원피스 abAB1", max_size=12)


def plain_levenshtein(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def test_splits_syllables_into_typed_keys():
    assert decompose("값왜 a") == "ㄱㅏㅂㅅㅇㅗㅐ a"


def test_compact_keeps_letters_and_digits_only():
    assert compact("울 니트 (Black)★ 2") == "울니트black2"


@given(words, words)
def test_distance_is_the_textbook_distance_over_jamo(a, b):
    assert jamo_distance(a, b) == plain_levenshtein(decompose(a), decompose(b))


@given(words, words, st.integers(0, 12))
def test_distance_above_the_limit_is_reported_as_limit_plus_one(a, b, limit):
    assert jamo_distance(a, b, limit) == min(jamo_distance(a, b), limit + 1)


@given(st.text(max_size=20), st.text(max_size=20))
def test_distance_and_similarity_are_symmetric(a, b):
    assert jamo_distance(a, b) == jamo_distance(b, a)
    assert similarity(a, b) == similarity(b, a)
    assert 0.0 <= similarity(a, b) <= 1.0


def test_similarity_ignores_spaces_and_case():
    assert similarity("니트 가디건 Black", "니트가디건BLACK") == 1.0
    assert similarity("니트", "zzz") == 0.0


def test_best_matches_come_best_first_and_respect_the_cutoff():
    found = best_matches("가디건", ["원피스", "카디건", "가디건"])
    assert [name for name, _ in found] == ["가디건", "카디건"]
    assert best_matches("가디건", ["원피스"]) == []
    assert best_matches("가디건", ["가디건", "카디건"], limit=1) == [("가디건", 1.0)]


@pytest.mark.parametrize(
    ("sentence", "name", "said"),
    [
        ("니트 가디건 재고 몇 개야?", NAMES[0], "니트 가디건"),
        ("니트가디건은 품절이야", NAMES[0], "니트가디건"),
        ("가디건 내려줘", NAMES[0], "가디건"),
        ("케이블니트 가격 바꿔줘", NAMES[1], "케이블니트"),
        ("린낸 원피스를 내려줘", NAMES[2], "린낸 원피스"),
        ("코트는 몇 장 남았어", NAMES[3], "코트"),
        ("울 니트 가디건 3color 삭제", NAMES[0], "울 니트 가디건 3color"),
    ],
)
def test_finds_the_name_a_sentence_means(sentence, name, said):
    best = find_mention(sentence, NAMES)[0]
    assert (best.name, sentence[best.start : best.end]) == (name, said)


def test_a_name_said_whole_scores_one_and_beats_the_others():
    found = find_mention("울 코트 가격", NAMES)
    assert found[0].name == "울 코트"
    assert found[0].score == 1.0
    assert all(other.score < 0.9 for other in found[1:])


def test_a_word_of_many_names_leaves_no_clear_winner():
    found = find_mention("니트 보여줘", ["울 니트", "면 니트", "케이블 니트"])
    assert len(found) == 3
    assert found[0].score < 0.7


@pytest.mark.parametrize("sentence", ["서울 배송 문의", "", "안녕하세요", "쿠폰 만들어줘"])
def test_finds_nothing_where_no_name_is_meant(sentence):
    assert find_mention(sentence, NAMES) == []


@given(st.text(max_size=40), st.lists(st.text(max_size=15), max_size=6))
def test_mentions_stay_inside_the_text(text, names):
    for mention in find_mention(text, names):
        assert 0 <= mention.start < mention.end <= len(text)
        assert 0 < mention.score <= 1
        assert mention.name in names
