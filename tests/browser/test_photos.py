"""The photo library: uploads, descriptions, focal point, and the picker in the article form."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, sign_in

LIBRARY = "/admin/articles/photo/"
# Without preload: axe would insert the style sheets that the admin's import, which our Content Security Policy forbids.
STYLES_AS_THEY_ARE = {"preload": False}


def _five_files_with_two_bad(folder: Path) -> list[Path]:
    """Write three different pictures of noise, one that is truncated, and one file that is no picture."""
    files = [folder / f"{name}.jpg" for name in ("first", "cut", "second", "script", "third")]
    for number in (0, 2, 4):
        Image.effect_noise((400 + number, 300), 60).convert("RGB").save(files[number])
    files[1].write_bytes(files[0].read_bytes()[:4000])
    files[3].write_text("#!/bin/sh\nrm -rf /\n")
    return files


def _drop(page: Page, files: list[Path]) -> None:
    """Drop files on the page, as the browser would."""
    contents = [[file.name, list(file.read_bytes())] for file in files]
    transfer = page.evaluate_handle(
        """files => {
          const transfer = new DataTransfer();
          for (const [name, bytes] of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
          return transfer;
        }""",
        contents,
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event(".drop-zone", event, {"dataTransfer": transfer})


@pytest.mark.parametrize("way", ["drop", "choose", "without-script"])
def test_five_uploads_of_which_two_are_rejected(way: str, open_page: OpenPage, tmp_path: Path) -> None:
    """The good ones get fields for their descriptions; each bad one says what is wrong with it."""
    page = open_page(LIBRARY, java_script_enabled=way != "without-script")
    sign_in(page, "reporter")
    files = _five_files_with_two_bad(tmp_path)
    if way == "drop":
        _drop(page, files)
    else:
        page.get_by_label("Drop photos here, or choose them").set_input_files(files)
    if way == "without-script":
        page.get_by_role("button", name="Upload").click()
    else:
        expect(page.get_by_role("status")).to_have_text("3 in the library, 2 refused.")
    bad = page.locator(".messagelist .error" if way == "without-script" else ".upload-failed")
    expect(bad).to_have_text([re.compile("cut.jpg.*damaged", re.DOTALL), re.compile("script.jpg.*no photo", re.DOTALL)])
    expect(page.locator(".upload-stored")).to_have_count(3)
    for image in page.locator(".upload-stored img").all():
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    for number, alt in enumerate(page.get_by_label("Alt text").all()):
        alt.fill(f"Noise by {way}, number {number}")
    page.get_by_label("Credit for all that have none").fill("R. Lone")
    page.get_by_role("button", name="Save the words").click()
    expect(page.get_by_text("The words are saved.")).to_be_visible()
    page.goto(f"{LIBRARY}?q=by+{way}")
    expect(page.locator(".photo-tile")).to_have_count(3)
    expect(page.locator(".photo-missing")).to_have_count(0)


def test_a_file_that_is_too_large_is_not_sent(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(LIBRARY)
    sign_in(page, "reporter")
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(60_000_000)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))

    page.get_by_label("Drop photos here, or choose them").set_input_files(tmp_path / "huge.jpg")

    expect(page.locator(".upload-failed")).to_contain_text("This file has 60 MB. Photos may have up to 25 MB")
    assert "POST" not in sent


def test_a_failed_upload_is_retried(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(LIBRARY)
    sign_in(page, "reporter")
    photo = _five_files_with_two_bad(tmp_path)[0]
    page.route("**/upload/", lambda route: route.fulfill(status=204))  # an empty response
    page.get_by_label("Drop photos here, or choose them").set_input_files(photo)
    expect(page.locator(".upload-failed")).to_contain_text("It did not arrive")
    page.unroute("**/upload/")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".upload-stored")).to_have_count(1)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_lead_photo_is_chosen_in_the_picker(width: int, open_page: OpenPage) -> None:
    """It is found by search, saved with the form, shown in the preview, and removed again."""
    page = open_page("/admin/articles/article/add/", width=width)
    sign_in(page, "reporter")
    page.get_by_label("Headline:", exact=True).fill(f"A houseboat, {width} pixels wide")
    page.get_by_label("Headline:", exact=True).press("Tab")
    page.get_by_label("Standfirst").fill("It is moored where it always was.")
    page.get_by_label("Section").select_option("Kashmir")
    page.locator(".field-authors .select2-selection").click()
    page.locator(".select2-results__option", has_text="Nuzhat").first.click()
    field = page.locator(".field-lead_photo")
    field.get_by_role("button", name="Choose a photo").click()
    dialog = page.get_by_role("dialog", name="Photos")
    dialog.get_by_label("Search").fill("houseboat")
    expect(dialog.locator(".photo-tile").first).to_contain_text("houseboat")
    words = dialog.locator(".photo-alt").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dialog.locator(".photo-tile").first.press("Enter")
    expect(dialog).to_be_hidden()
    expect(field.get_by_role("button", name="Choose a photo")).to_be_focused()
    expect(field.locator(".picked")).to_contain_text(words)

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was added")
    expect(field.locator(".picked")).to_contain_text(words)
    page.get_by_role("button", name="Preview").click()
    expect(page.frame_locator("iframe").get_by_alt_text(words)).to_be_visible()
    page.get_by_role("link", name="Back to the article").click()

    field.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed")
    expect(field.locator(".picked li")).to_have_count(0)


def test_the_focal_point_is_set_by_click_and_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(LIBRARY)
    sign_in(page, "editor")
    page.locator(".photo-tile").last.click()
    picture = page.locator(".focal-picture")
    box = picture.locator("img").bounding_box()
    assert box
    picture.click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.7})
    across, down = page.get_by_label("Focal point, from the left"), page.get_by_label("Focal point, from the top")
    expect(across).to_have_value("20")
    expect(down).to_have_value("70")
    picture.press("ArrowRight")
    picture.press("Shift+ArrowUp")
    expect(across).to_have_value("21")
    expect(down).to_have_value("60")
    across.fill("34")
    expect(page.locator(".focal-crop").first).to_have_css("object-position", "34% 60%")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist")).to_contain_text("changed")
    expect(across).to_have_value("34")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_library_and_picker_have_no_violation(width: int, scheme: str, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(LIBRARY, width=width, color_scheme=scheme)
    sign_in(page, "editor")

    def look() -> None:
        found = Axe().run(page, options=STYLES_AS_THEY_ARE)
        assert not found.response["violations"], f"{page.url}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    expect(page.locator(".photo-grid")).to_be_visible()
    page.get_by_label("Drop photos here, or choose them").set_input_files(_five_files_with_two_bad(tmp_path))
    expect(page.get_by_role("status")).to_have_text("3 in the library, 2 refused.")
    look()
    page.goto(LIBRARY)
    page.locator(".photo-tile").first.click()
    expect(page.locator(".focal-picture")).to_be_visible()
    look()
    page.goto("/admin/articles/article/add/")
    page.get_by_role("button", name="Choose a photo").first.click()
    expect(page.get_by_role("dialog", name="Photos").locator(".photo-tile").first).to_be_visible()
    found = Axe().run(page, context=".picker-dialog", options=STYLES_AS_THEY_ARE)
    assert not found.response["violations"], found.generate_report()


def test_a_gallery_is_chosen_ordered_and_previewed(open_page: OpenPage) -> None:
    page = open_page("/admin/articles/article/?q=Draft")
    sign_in(page, "editor")
    page.get_by_role("link", name="Draft: what the winter road budget leaves out").click()
    page.locator(".order-machine-insert-target.last").click()
    button = page.locator(".plugin-button", has_text="Gallery")
    button.evaluate("button => button.scrollIntoView({block: 'center'})")  # clear of the bars above and below
    button.click()
    gallery = page.locator(".inline-related[id^='articles_gallery_set-']:not(.empty-form)")
    gallery.get_by_label("Title").fill("Three pictures")
    gallery.get_by_role("button", name="Add photos").click()
    dialog = page.get_by_role("dialog", name="Photos")
    dialog.get_by_label("Search").fill("Drawing")
    expect(dialog.locator(".photo-tile").first).to_contain_text("Drawing")
    chosen = [dialog.locator(".photo-alt").nth(place).inner_text() for place in range(3)]
    for place in range(3):
        dialog.locator(".photo-tile").nth(place).click()
    page.keyboard.press("Escape")
    expect(gallery.locator(".picked li")).to_have_count(3)
    before = gallery.locator(".picked li").all_inner_texts()
    gallery.locator(".picked li").nth(2).get_by_role("button", name="earlier").click()
    after = gallery.locator(".picked li").all_inner_texts()
    assert after == [before[0], before[2], before[1]]
    page.get_by_role("button", name="Preview").click()
    shown = page.frame_locator("iframe").locator(".gallery img")
    expect(shown).to_have_count(3)
    assert {shown.nth(place).get_attribute("alt") for place in range(3)} == set(chosen)
    page.get_by_role("link", name="Back to the article").click()
    gallery.get_by_role("button", name="Remove").first.click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed")
    expect(gallery.locator(".picked li")).to_have_count(2)
