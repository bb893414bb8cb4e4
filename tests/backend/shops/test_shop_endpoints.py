"""Who I am, and what is left to set up."""


def test_a_person_learns_their_shop_role_and_rights(client, owner, sub_operator) -> None:
    mine, theirs = client(owner).get("/api/me").json(), client(sub_operator).get("/api/me").json()
    assert mine["shop"] == {"id": "shop_oneul", "name": "oneul 상점", "mall_id": "oneul", "pro_state": "active"}
    assert (mine["member"]["role"], theirs["member"]["role"]) == ("owner", "sub_operator")
    assert set(mine["permissions"]) - set(theirs["permissions"]) == {
        "operations:switch_all", "setup:complete", "inventory_settings:own",
    }  # fmt: skip


def test_the_settings_say_what_waits_for_each(session, shop, client, owner) -> None:
    shop.brand_intro = None
    session.commit()
    rows = {row["key"]: row for row in client(owner).get("/api/setup").json()}
    assert rows["brand_info"] == {
        "key": "brand_info", "done": False, "needed_by": ["promotion_coupon", "crm_message", "smartstore_setup", "cs_reply"],
        "evidence": {"name": "오늘담", "intro": None, "missing": ["intro"]},
        "fix": {"code": "write_brand_info", "href": "/demo/pro-app#brand_info", "item": "brand_info"},
    }  # fmt: skip
    assert "main_display" not in rows["sender_number"]["needed_by"]


def test_a_setting_is_looked_at_again(session, shop, client, owner) -> None:
    me = client(owner)
    assert me.post("/api/setup/pro_app/check").json()["done"]
    shop.pro_app_installed_at = None
    session.commit()
    assert not me.post("/api/setup/pro_app/check").json()["done"]
    unknown = me.post("/api/setup/nonsense/check")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_setup")
