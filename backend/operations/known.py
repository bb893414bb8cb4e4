"""Operations the service has but this release does not run yet: known by name, so that asking for one is understood."""

from backend.operations.contract import Area

NOT_IN_THIS_RELEASE: dict[str, Area] = {
    "image_hosting": Area.MARKET,
    "market_linking": Area.MARKET,
    "thumbnail": Area.CONTENT,
    "smartstore_detail": Area.CONTENT,
    "smartstore_setup": Area.MARKET,
    "one_plus_deal": Area.MARKET,
    "coupang_seo": Area.MARKET,
    "crm_message": Area.PROMOTION_CRM,
    "cs_reply": Area.CS,
}
