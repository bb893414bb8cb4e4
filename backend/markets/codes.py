"""The sales channels by the one name the whole product uses."""

from enum import StrEnum


class Market(StrEnum):
    MALL = "mall"  # the own mall on Cafe24
    SMARTSTORE = "smartstore"
    COUPANG = "coupang"
    GMARKET = "gmarket"
    AUCTION = "auction"
    ELEVENST = "11st"


OPEN_MARKETS = (Market.SMARTSTORE, Market.COUPANG, Market.GMARKET, Market.AUCTION, Market.ELEVENST)
