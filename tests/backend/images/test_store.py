"""A kept picture is whole or not there, is called by what it holds, and only its own name leads to it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import BinaryIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.errors import install_error_handlers
from backend.images import store
from backend.images.endpoints import router
from backend.images.look import picture_at
from backend.images.store import drawn_path, file_of, is_drawn, is_kept, keep, original_of, put
from tests.backend.images.build import picture

RED = picture(30, 20)


@pytest.fixture
def http(var: Path) -> Iterator[TestClient]:
    app = FastAPI()
    install_error_handlers(app)
    app.include_router(router)
    with TestClient(app) as client:
        yield client


def test_the_same_bytes_are_kept_once_and_others_elsewhere(var: Path) -> None:
    path = keep("oneul", RED, "jpg")
    assert keep("oneul", RED, "jpg") == path
    assert keep("oneul", picture(30, 21), "jpg") != path
    assert len(list((var / "images" / "oneul").iterdir())) == 2
    file = file_of(path)
    assert file is not None and file.read_bytes() == RED


def test_a_picture_that_stands_is_not_made_again(var: Path) -> None:
    path = keep("oneul", RED, "jpg")
    assert is_kept(path)
    put(path, b"something else")
    file = file_of(path)
    assert file is not None and file.read_bytes() == RED


def test_a_writer_that_dies_leaves_nothing_under_the_name(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(handle: BinaryIO, content: bytes) -> None:
        handle.write(content[:5])
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "write", die)
    with pytest.raises(KeyboardInterrupt):
        keep("oneul", RED, "jpg")
    assert list((var / "images" / "oneul").iterdir()) == []


def test_what_a_killed_writer_left_is_overwritten(var: Path) -> None:
    path = f"/images/oneul/{'0' * 20}.jpg"
    folder = var / "images" / "oneul"
    folder.mkdir(parents=True)
    folder.joinpath(f".{'0' * 20}.jpg.part").write_bytes(RED + b"more than there will be")
    put(path, RED)
    assert [file.name for file in folder.iterdir()] == [f"{'0' * 20}.jpg"]
    assert file_of(path).read_bytes() == RED


def test_writers_of_the_same_picture_at_once_write_it_whole(var: Path) -> None:
    path, content = f"/images/oneul/{'1' * 20}.jpg", RED * 2000
    start = Barrier(8)

    def work() -> None:
        start.wait()
        put(path, content)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [file.read_bytes() == content for file in (var / "images" / "oneul").iterdir()] == [True]


def test_a_drawn_picture_stands_beside_its_original_and_leads_back_to_it(var: Path) -> None:
    original = keep("oneul", RED, "jpg")
    drawn = drawn_path(original, 1000, "a recipe")
    assert drawn == drawn_path(original, 1000, "a recipe") != drawn_path(original, 1000, "another")
    assert is_drawn(drawn) and not is_drawn(original)
    assert original_of(drawn) == file_of(original) == original_of(original)
    with pytest.raises(FileNotFoundError):
        original_of(drawn.replace("oneul", "other"))


@pytest.mark.parametrize(
    "path",
    [None, "", "/demo/images/knit-b98b73-가.svg", "/images/oneul/../secret.jpg", "/images/../opstalk.db", "/images/oneul/a.jpg",
     "/images/.hidden/0123456789abcdef0123.jpg", "/images/oneul/0123456789abcdef0123.svg", "https://example.com/a.jpg",
     "/images/oneul/0123456789abcdef0123.jpg\n", "/images/oneul/.0123456789abcdef0123.jpg-00"],
)  # fmt: skip
def test_a_path_that_is_not_one_of_ours_is_no_file(path: str | None, var: Path) -> None:
    assert file_of(path) is None
    assert picture_at(path) is None


def test_what_is_no_picture_is_seen_as_none(var: Path) -> None:
    assert picture_at(keep("oneul", b"<svg/>", "jpg")) is None
    assert picture_at("/images/oneul/0123456789abcdef0123.jpg") is None
    seen = picture_at(keep("oneul", RED, "jpg"))
    assert seen is not None and (seen.width, seen.height, seen.weight) == (30, 20, len(RED))
    assert str(seen) == "30×20 · 1 KB"


def test_a_kept_picture_is_served_for_good(http: TestClient, var: Path) -> None:
    answer = http.get(keep("oneul", RED, "jpg"))
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, RED, "image/jpeg")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/images/oneul/0123456789abcdef0123.jpg", "/images/oneul/..%2F..%2Fsecret", "/images/..%2F/secret", "/images/%2E%2E/secret",
     "/images/oneul/%2E%2E%2Fsecret", "/images/oneul/..%5Csecret", "/images/oneul/", "/images/oneul"],
)  # fmt: skip
def test_no_name_leads_out_of_the_pictures(path: str, http: TestClient, var: Path) -> None:
    (var / "secret").write_text("key")
    (var / "images" / "oneul").mkdir(parents=True)
    answer = http.get(path)
    assert answer.status_code == 404
    assert "key" not in answer.text


def test_a_half_written_file_is_not_served(http: TestClient, var: Path) -> None:
    path = keep("oneul", RED, "jpg")
    file = file_of(path)
    assert file is not None
    file.rename(file.with_name(f".{file.name}-00000000"))
    assert http.get(f"/images/oneul/.{file.name}-00000000").status_code == 404
