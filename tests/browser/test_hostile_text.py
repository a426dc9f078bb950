"""What strangers write is shown and does nothing; who gave without a name is named nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.stack import Stack

from .test_every_page import sign_in

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
Visitor = Callable[..., BrowserContext]
CORPUS = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg/onload=window.pwned=1>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<a href='javascript:window.pwned=1'>press</a>",
    "[press](javascript:window.pwned=1)",
    "[press](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    '![x](x "onerror=window.pwned=1")',
    "<math><mtext></p><style><!--</style><img src=x onerror=window.pwned=1>",
    "</script><script>window.pwned=1</script>",
    "</textarea></title><script>window.pwned=1</script>",
    "{{ 7*7 }}{% debug %}${7*7}",
    "<details open ontoggle=window.pwned=1>",
    "<form action=//evil.example><button>press</button></form>",
    "&#60;script&#62;window.pwned=1&#60;/script&#62;",
    '"><input autofocus onfocus=window.pwned=1>',
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
]
HIDDEN, HIDDEN_EMAIL, NAMED = "Zebunnessa Hidden", "zebunnessa.hidden@example.org", "Kamal Shown"
ACTIVE = """[...document.querySelectorAll("main *")].filter((element) =>
    ["SCRIPT", "IFRAME", "OBJECT", "EMBED", "BASE", "META", "STYLE"].includes(element.tagName)
    || [...element.attributes].some((attribute) => attribute.name.startsWith("on") || /^\\s*(javascript|data:text)/i.test(attribute.value)))
    .map((element) => element.outerHTML)"""


def harmless(page: Page, address: str) -> None:
    """Nothing of the corpus ran there, nothing was stopped by the policy alone, nothing could have run."""
    page.goto(address)
    assert page.evaluate("window.pwned") is None, address
    assert page.evaluate("window.broken") == [], address
    assert [each for each in page.evaluate(ACTIVE) if "pwned" in each or "evil" in each] == [], address


def test_stories_and_messages_of_strangers_do_nothing(stack: Stack, visitor: Visitor) -> None:
    campaign = stack.open_campaign("A school </title><script>window.pwned=1</script>")
    manager = stack.sign_in("manager")
    story, summary = "\n\n".join(CORPUS), CORPUS[0]
    status, _ = stack.ask(
        "PATCH", f"/api/v1/campaigns/{campaign['id']}", {"story": story, "summary": summary}, token=manager
    )
    assert status == 200
    news = {"title": CORPUS[1], "body": story}
    assert stack.ask("POST", f"/api/v1/campaigns/{campaign['id']}/updates", news, token=manager)[0] == 201
    gifts = [
        stack.give(campaign["id"], message=text, donor={"name": text[:100], "email": "x@example.org"})
        for text in CORPUS
    ]
    stack.wait_for(lambda: all(stack.status_of(gift) == "captured" for gift in gifts))
    page = visitor().new_page()
    place, gift = f"/campaigns/{campaign['slug']}/", f"/donations/{gifts[1]['tracking_token']}/"
    stack.wait_for(lambda: stack.ask("GET", f"{gift}receipt/")[0] == 200)
    public = [place + part for part in ("", "gifts/", "embed/", "give/", "updates/", "chat/", "live/", "money/")]
    for path in [*public, gift, f"{gift}receipt/", "/mailbox/"]:
        harmless(page, stack.url + path)
    letter = stack.wait_for(lambda: re.search(r'href="(/mailbox/[\w-]+/)"', stack.ask("GET", "/mailbox/")[1]))
    harmless(page, f"{stack.url}{letter[1]}")
    sign_in(page, stack, "manager")
    for path in (
        f"/panel/campaigns/{campaign['id']}/",
        f"/panel/gifts/?campaign={campaign['id']}",
        "/panel/donors/",
        "/inbox/",
    ):
        harmless(page, stack.url + path)
    page.goto(f"{stack.url}/campaigns/{campaign['slug']}/gifts/")
    assert page.get_by_text(CORPUS[1], exact=True).count() >= 2  # shown, as a name and as a message
    page.goto(f"{stack.url}/donations/{gifts[0]['tracking_token']}/")
    assert page.evaluate("window.pwned") is None
    page.goto(f"{stack.url}/campaigns/?search={CORPUS[1]}")
    assert page.evaluate(ACTIVE) == []


def test_who_gives_without_a_name_is_named_nowhere(stack: Stack, visitor: Visitor) -> None:
    campaign = stack.open_campaign("A ferry")
    place = f"{stack.url}/campaigns/{campaign['slug']}/"
    page = visitor().new_page()
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    page.goto(place)
    gifts = [
        stack.give(campaign["id"], message="For the children", donor={"name": name, "email": email}, anonymous=hidden)
        for name, email, hidden in ((HIDDEN, HIDDEN_EMAIL, True), (NAMED, "kamal@example.org", False))
    ]
    stack.wait_for(lambda: all(stack.status_of(gift) == "captured" for gift in gifts))

    def content(path: str) -> str:
        page.goto(place + path)
        return page.content()

    def once_named(path: str) -> str:
        """Public pages are kept for a moment by each process: look until the named gift is there."""
        return str(stack.wait_for(lambda: text if NAMED in (text := content(path)) else ""))

    surfaces = {"frames": "".join(frames), "page ": once_named(""), "page gifts/": once_named("gifts/")}
    surfaces |= {f"page {path}": content(path) for path in ("embed/", "give/")}
    for path in ("/", "/campaigns/", "/transparency/", "/sitemap.xml", f"/oembed/?url={place}"):
        surfaces[path] = str(stack.ask("GET", path)[1])
    for path in (f"/campaigns/{campaign['id']}", f"/campaigns/{campaign['id']}/donations", "/campaigns"):
        surfaces[f"api {path}"] = json.dumps(stack.ask("GET", f"/api/v1{path}")[1], ensure_ascii=False)
    surfaces["tracking"] = str(stack.ask("GET", f"/api/v1/donations/{gifts[0]['tracking_token']}")[1])
    surfaces["others' letters"] = "".join(
        letter
        for file in (stack.data_dir / "mail").glob("*")
        for letter in file.read_text(errors="replace").split("-" * 79)
        if f"To: {HIDDEN_EMAIL}" not in letter
    )
    for place_of, text in surfaces.items():
        assert HIDDEN not in text, place_of
        assert HIDDEN_EMAIL not in text, place_of
    for place_of in ("page ", "page gifts/", f"api /campaigns/{campaign['id']}/donations"):
        assert NAMED in surfaces[place_of], "the control: a named gift is found"
    shown = "".join(text for place_of, text in surfaces.items() if place_of != "others' letters")
    assert "kamal@example.org" not in shown


def test_a_gift_by_keyboard_alone(stack: Stack, visitor: Visitor) -> None:
    campaign = stack.open_campaign(f"A kitchen {uuid4().hex[:4]}")
    page = visitor(1280).new_page()
    page.goto(f"{stack.url}/campaigns/{campaign['slug']}/")
    press = page.keyboard.press
    press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    press("Enter")
    for _ in range(12):
        press("Tab")
        if page.evaluate("document.activeElement.classList.contains('tally__give')"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press("Enter")
    page.wait_for_url("**/give/")
    for _ in range(15):
        press("Tab")
        if page.evaluate("document.activeElement.name") == "preset":
            break
    press("Space")
    press("ArrowRight")
    assert page.locator(".choice :checked + span").inner_text() in page.locator("[data-total]").inner_text()
    for name, text in (("name", "Rahima Keys"), ("email", "rahima@example.org")):
        for _ in range(6):
            press("Tab")
            if page.evaluate("document.activeElement.name") == name:
                break
        page.keyboard.type(text)
    press("Enter")
    page.wait_for_url("**/donations/**")
