"""A photograph from a phone in front of the house: chosen, blackened, confirmed, sent, shown, taken away."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import NullPool, create_engine, text

from tests.browser.conftest import PHONE, Visits, show_whole
from tests.factories import town as towns
from tests.factories.town import Town

CHECK = "Keine Gesichter, keine Namensschilder, keine Kennzeichen erkennbar."


@pytest.fixture
def kept(town: Town) -> Iterator[Callable[[], bytes]]:
    """What the database keeps of the photograph; it is empty again afterwards."""
    engine = create_engine(town.urls.load, poolclass=NullPool)

    def content() -> bytes:
        with engine.connect() as connection:
            return bytes(connection.execute(text("SELECT content FROM qm.photograph ORDER BY id DESC")).scalars().one())

    yield content
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM qm.photograph"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind LIKE 'photograph%'"))
    engine.dispose()
    towns.back_to_the_date(town.urls)


def test_a_photograph_is_blackened_before_it_leaves_the_phone(
    open_page: Visits, axe: Callable[[Page], None], town: Town, tmp_path: Path, kept: Callable[[], bytes]
) -> None:
    path = tmp_path / "haus.jpg"
    Image.new("RGB", (800, 600), "red").save(path)
    page = open_page("manager", f"/objekt/{town.in_west}", theme="dark", size=PHONE)
    show_whole(page)
    page.set_input_files("#fotos-form-file", path)
    canvas = page.locator("canvas.fotos-canvas")
    expect(canvas).to_be_visible()
    _drag_over_the_middle(page)
    expect(page.get_by_text("geschwärzt: 1")).to_be_visible()
    page.get_by_role("button", name="Foto hinzufügen").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte zuerst bestätigen")
    axe(page)
    page.get_by_label("Was zu sehen ist").fill("Eingang")
    page.get_by_label(CHECK).check()
    page.get_by_role("button", name="Foto hinzufügen").click()
    expect(page.get_by_role("img", name="Foto: Eingang")).to_be_visible()
    image = Image.open(io.BytesIO(kept()))
    assert image.size == (800, 600)
    assert max(image.getpixel((400, 300))) < 20 < 200 < image.getpixel((20, 20))[0]  # type: ignore[arg-type, index]
    page.get_by_role("button", name="Entfernen: Foto: Eingang").click()
    page.get_by_role("button", name="Ja, entfernen").click()
    expect(page.get_by_text("Noch kein Foto.")).to_be_visible()


def _drag_over_the_middle(page: Page) -> None:
    box = page.locator("canvas.fotos-canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6, steps=3)
    page.mouse.up()
