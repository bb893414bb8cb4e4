"""Particles after any word."""

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kit.josa import josa, with_josa

SUBJECT = "이/가"

ENDS_IN_CONSONANT = [
    "쿠팡",
    "G마켓",
    "Gmarket",
    "Blossom",
    "Pin",
    "Top",
    "TOP",
    "CRM",
    "VIM",
    "Cushion",
    "Outlet",
    "Facebook",
    "KakaoTalk",
    "basic",
    "black",
    "Club",
    "Web",
    "Type",
    "Cream",
    "iPhone",
    "3",
    "10",
    "100",
    "0",
    "1,000,000",
    "5kg",
    "12,000원",
    "24년형",
    "1+1",
    "니트(블랙)",
    "[블랙]",
    "'블랙'",
    "블랙!!",
    "블랙🧶",
    "11월28일(금)",
    "12월2일(화)",
    "③",
    "オン",
    "HOME",
]
ENDS_IN_RIEUL = [
    "서울",
    "1",
    "7",
    "8",
    "SALE",
    "URL",
    "Apple",
    "Style",
    "Google",
    "11월",
    "XL",
    "ㄹ",
    "①",
    "12월2일(화)",
]
ENDS_IN_VOWEL = [
    "스마트스토어",
    "11번가",
    "PRO",
    "SEO",
    "Smart",
    "Max",
    "Knit",
    "Coat",
    "SMS",
    "LMS",
    "VIP",
    "USB",
    "OFF",
    "Rose",
    "Set",
    "NEW",
    "BEST",
    "Nike",
    "Nike™",
    "Café24",
    "iPhone15",
    "WR-12",
    "2",
    "4",
    "5",
    "9",
    "3%",
    "24℃",
    "500ml",
    "5L",
    "A+",
    "S24+",
    "$5",
    "MP3",
    "니트(화이트)",
    "니트🧶",
    "A/S",
    "YouTube",
    "1,000,000,000,000",
]


@pytest.mark.parametrize("word", ENDS_IN_CONSONANT + ENDS_IN_RIEUL)
def test_takes_the_form_for_a_final_consonant(word):
    assert josa(word, SUBJECT) == "이"


@pytest.mark.parametrize("word", ENDS_IN_VOWEL)
def test_takes_the_form_for_a_final_vowel(word):
    assert josa(word, SUBJECT) == "가"


@pytest.mark.parametrize("word", ENDS_IN_RIEUL + ENDS_IN_VOWEL)
def test_says_ro_after_rieul_and_vowels(word):
    assert josa(word, "으로/로") == "로"


@pytest.mark.parametrize("word", [word for word in ENDS_IN_CONSONANT if "일(" not in word])
def test_says_euro_after_other_consonants(word):
    assert josa(word, "으로/로") == "으로"


@pytest.mark.parametrize(
    ("pair", "after_consonant", "after_vowel"),
    [
        ("은/는", "쿠팡은", "옥션스는"),
        ("을/를", "쿠팡을", "옥션스를"),
        ("과/와", "쿠팡과", "옥션스와"),
        ("와/과", "쿠팡과", "옥션스와"),
        ("이라/라", "쿠팡이라", "옥션스라"),
        ("이에요/예요", "쿠팡이에요", "옥션스예요"),
        ("이나/나", "쿠팡이나", "옥션스나"),
        ("아/야", "쿠팡아", "옥션스야"),
        ("(으)로", "쿠팡으로", "옥션스로"),
    ],
)
def test_knows_every_pair_in_either_spelling(pair, after_consonant, after_vowel):
    assert (with_josa("쿠팡", pair), with_josa("옥션스", pair)) == (after_consonant, after_vowel)


@pytest.mark.parametrize("word", ["", "   ", "🎉", "...", "東"])
def test_offers_both_forms_for_what_cannot_be_read(word):
    assert (josa(word, "을/를"), josa(word, "으로/로")) == ("을(를)", "(으)로")


def test_refuses_an_unknown_pair():
    with pytest.raises(ValueError, match="으루/루"):
        josa("쿠팡", "으루/루")


def test_reads_decomposed_hangul_like_composed():
    import unicodedata

    assert josa(unicodedata.normalize("NFD", "서울"), "으로/로") == "로"


@given(st.text(max_size=30))
def test_never_raises_and_keeps_the_word(word):
    assert with_josa(word, "은/는") in {word + "은", word + "는", word + "은(는)"}


@given(st.integers(0, 10**11))
def test_reads_a_number_the_same_with_and_without_commas(number):
    assert josa(number, "으로/로") == josa(f"{number:,}", "으로/로")


def test_filter_module_is_installed_on_a_plain_environment():
    from datetime import date, datetime, timedelta

    from backend.kit.clock import SEOUL
    from backend.kit.josa_filters import install

    env = jinja2.Environment(autoescape=True)
    now = datetime(2025, 11, 28, 15, 0, tzinfo=SEOUL)
    install(env, lambda: date(2025, 11, 28), now_fn=lambda: now)

    def render(source, **values):
        return env.from_string(source).render(**values)

    assert render('{{ name|josa("을/를") }}', name="니트") == "니트를"
    assert render("{{ n|won }} {{ n|won('units') }}", n=12000) == "12,000원 1만 2,000원"
    assert render('{{ n|count("건") }} {{ [1, 2]|count("개") }} {{ [1, 2]|count }}', n=1234) == "1,234건 2개 2"
    assert render("{{ d|kdate }}", d=date(2025, 11, 28)) == "11월 28일(금)"
    assert render("{{ d|kdate }}", d="2026-01-02") == "2026년 1월 2일(금)"
    assert render("{{ d|kdate(today=t) }}", d="2026-01-02", t=date(2026, 5, 1)) == "1월 2일(금)"
    assert render("{{ d|kdatetime }}", d=now) == "11월 28일(금) 오후 3시"
    assert render("{{ d|kdatetime }}", d="2025-11-28T00:30:00Z") == "11월 28일(금) 오전 9시 30분"
    assert render("{{ d|kdatetime }}", d="2025-11-27T15:05:00+00:00") == "11월 28일(금) 오전 0시 5분"
    assert render("{{ d|ago }}", d=now - timedelta(hours=3)) == "3시간 전"
    assert render("{{ d|ago }}", d=now - timedelta(seconds=5)) == "방금"
    assert render("{{ d|ago }}", d=now + timedelta(minutes=20)) == "20분 뒤"
    assert render("{{ d|ago }}", d=now - timedelta(days=3)) == "3일 전"
    assert render("{{ d|ago }}", d=now - timedelta(days=40)) == "10월 19일(일)"
    with pytest.raises(TypeError):
        render("{{ d|kdatetime }}", d=date(2025, 11, 28))
    with pytest.raises(TypeError):
        render("{{ d|kdate }}", d=None)
