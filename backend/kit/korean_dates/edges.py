"""Regular-expression pieces that decide where a date expression may begin and end inside running Korean text."""

from __future__ import annotations

# A word such as 내일 may not continue another one (안내일정).
WORD_START = r"(?<![0-9A-Za-z가-힣])"
# A number may follow Hangul without a space (매출12월) but not be the tail of another number or code.
DIGIT_START = r"(?<![0-9A-Za-z.,/+:])"

# What may directly follow a date word as its particle.
PARTICLE = (
    r"(?:까지|까진|부터|부턴|에서|에는|에도|에만|에|엔|은|는|이|가|을|를|도|만|의|과|와|랑|이랑|자|중|안|내|쯤|로|으로|날|밤"
    r"|꺼|거|것|건|이요|요|이야|야|이에요|예요|인데|이면|이라|라|말고|보다|처럼|치고|뿐)"
)
# After a glued word of one syllable only a particle may follow: 오늘은, but not 오늘담.
WORD_END = rf"(?=\Z|[^가-힣0-9A-Za-z]|{PARTICLE}(?![가-힣])|[0-9]|[가-힣]{{2}})"
UNTIL_OR_FROM = r"(?=\s?(?:까지|까진|부터|부턴))"

WEEKDAY = r"(?:[월화수목금토일]요일|[월화수목금토일]욜)"
WEEKDAY_LETTERS = "월화수목금토일"

# 이번 주 must not be found in 이번 주문, nor 다음 달 in 다음 달력.
NOT_A_WEEK = r"(?!문|소|제|인|행|류|방|유|얼|요|기|장|최|관|변|축|택|거|부|점|급|식|사|년|목[할받]|의\s?사항|의할|의점|전자|머니|스)"
NOT_A_MONTH = r"(?!걀|력|라|래|러|성|콤|리|인|빛|아|팽)"
