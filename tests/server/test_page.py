"""The live page shows a mock in a real browser as it lives, and changes it by mouse and by keyboard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from factories import AnItem, Put
from programs import REQUIRED

from connect_batchmock import Campaign, ConnectMock, Instance, Queue

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE = 15_000
"""The timeout of the browser in milliseconds, generous for a busy machine."""

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and REQUIRED not in os.environ, reason="Chromium is not installed"
)

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(
            executable_path=CHROMIUM, args=list(FLAGS), chromium_sandbox=False, headless=True
        )
        playwright.expect.set_options(timeout=PATIENCE)
        yield launched
        launched.close()


@pytest.fixture
def complaints() -> list[str]:
    """Return the errors and the violations of the content security policy in the browser."""
    return []


@pytest.fixture
def open_page(connect_mock: ConnectMock, browser: Any, complaints: list[str]) -> Iterator[Open]:
    contexts = []
    with connect_mock.serve() as server:

        def open_page(url: str = server.url, *, width: int = 1280, **options: Any) -> Any:
            context = browser.new_context(viewport={"width": width, "height": 800}, **options)
            context.set_default_timeout(PATIENCE)
            contexts.append(context)
            page = context.new_page()
            page.on("console", lambda message: note(message.type, message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{url}/_mock/")
            playwright.expect(page.locator("#connection")).to_have_text("Live")
            return page

        def note(kind: str, text: str) -> None:
            if kind in ("error", "warning"):
                complaints.append(text)

        yield open_page
        for context in contexts:
            context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: Open, connect_campaign: Campaign) -> Any:
    """Open the page of a mock with an instance, a queue and a campaign."""
    return open_page()


def see(locator: Any) -> Any:
    return playwright.expect(locator)


def row(page: Any, text: str) -> Any:
    return page.get_by_role("row").filter(has_text=text)


def telephone(number: int) -> dict[str, str]:
    return {"Type": "TELEPHONE_NUMBER", "Address": f"+1555{5550100 + number:07}"}


# The page shows events


def test_a_contact_appears_when_it_is_put_and_changes_as_it_goes(
    page: Any, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    see(page.get_by_role("heading", name="No contacts yet")).to_be_visible()
    put(an_item(Attributes={"lead": "7"}))
    see(row(page, "+15555550100")).to_contain_text("INITIATED")
    see(row(page, "+15555550100")).to_contain_text("lead=7")
    see(page.get_by_role("heading", name="No contacts yet")).to_be_hidden()
    connect_queue.add_agents(1)
    see(row(page, "+15555550100")).to_contain_text("ringing")
    page.get_by_label("Seconds to advance").fill("10")
    page.get_by_role("button", name="Advance").click()
    see(row(page, "+15555550100")).to_contain_text("CONNECTED_TO_AGENT")
    see(page.locator(".queues")).to_contain_text("Agents: 1 on a phone call")
    see(row(page, "+15555550100")).to_contain_text("agent agent-1")
    for agent, status in zip(connect_queue.add_agents(2), ("Lunch", "Offline"), strict=True):
        agent.set_status(status)
    see(page.locator(".queues")).to_contain_text("1 on a phone call, 1 in a custom status, 1 offline")
    see(page.get_by_text("advanced by 10 s", exact=True)).to_be_visible()


def test_the_page_shows_the_existing_state(open_page: Open, put: Put, an_item: AnItem) -> None:
    put(an_item(), an_item(CustomerEndpoint=telephone(1)), {"RequestIdentifier": "lead-7"})
    page = open_page()
    see(row(page, "+1555")).to_have_count(2)
    see(row(page, "+1555").first).to_contain_text("+15555550101")
    see(page.get_by_text("2 contacts", exact=True)).to_be_visible()
    see(page.locator(".calls summary")).to_contain_text("1 failed item")


def test_contacts_are_filtered(
    page: Any, connect_instance: Instance, connect_campaign: Campaign, put: Put, an_item: AnItem
) -> None:
    other = connect_instance.add_campaign("Autumn", queue=connect_campaign.queue)
    put(
        an_item(CustomerEndpoint=telephone(1), Attributes={"lead": "one"}),
        an_item(CustomerEndpoint=telephone(2), Campaign={"CampaignId": other.id}),
    )
    see(row(page, "+1555")).to_have_count(2)
    page.get_by_role("combobox", name="Campaign", exact=True).select_option(
        label=f"Autumn ({connect_instance.alias})"
    )
    see(row(page, "+1555")).to_have_count(1)
    see(row(page, "+1555")).to_contain_text("Autumn")
    page.get_by_label("Text").fill("lead=")
    see(page.get_by_text("No contact matches these filters.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    see(row(page, "+1555")).to_have_count(2)
    page.get_by_label("Text").fill("ONE")
    see(row(page, "+1555")).to_have_count(1)
    see(page.get_by_text("1 of 2 contacts")).to_be_visible()
    page.get_by_label("Text").fill("")
    page.get_by_role("button", name="COMPLETED 0").click()
    see(page.get_by_text("No contact matches these filters.")).to_be_visible()
    see(page.get_by_role("button", name="COMPLETED 0")).to_have_attribute("aria-pressed", "true")


def test_a_call_shows_its_failed_items_and_faults(
    page: Any, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", times=1, message="Not now.")
    put(an_item(RequestIdentifier="lead-7"))
    call = page.locator(".calls details")
    see(call.locator("summary")).to_contain_text("1 failed item")
    call.locator("summary").press("Enter")
    see(call.get_by_text("lead-7", exact=True)).to_be_visible()
    see(call.get_by_text("Not now.", exact=True)).to_be_visible()
    see(call).to_contain_text("connect_mock.reject_contacts('REQUEST_THROTTLED'")
    see(call).to_contain_text('"RequestIdentifier": "lead-7"')


def test_the_attempts_of_an_api_call_stand_together(
    page: Any, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"RequestIdentifier": "lead-8"})
    connect_mock.lose_response("BatchPutContact")
    put(an_item(), an_item(RequestIdentifier="lead-8"))
    see(page.locator("#calls > li")).to_have_count(2)
    see(page.locator("#calls-count")).to_have_text("2 API calls, 3 attempts, 1 failed item")
    call = page.locator("#calls > li").first
    for text in ("#2\u20133", "1 failed item", "2 attempts", "2 faults"):
        see(call.locator("summary")).to_contain_text(text)
    call.locator("summary").press("Enter")
    see(call.get_by_role("heading", name="Attempt 1: ReadTimeoutError")).to_be_visible()
    see(call.get_by_role("heading", name="Attempt 2: answered")).to_be_visible()
    see(call.locator(".failed")).to_contain_text("lead-8")
    see(call.locator("summary")).to_be_focused()


def test_earlier_calls_are_shown_on_demand(
    open_page: Open, connect_client: Any, connect_instance: Instance
) -> None:
    for _ in range(150):
        connect_client.list_queues(InstanceId=connect_instance.id)
    page = open_page()
    see(page.locator("#calls > li")).to_have_count(100)
    page.get_by_role("button", name="Show earlier API calls").click()
    see(page.locator("#calls > li")).to_have_count(150)
    see(page.get_by_role("button", name="Show earlier API calls")).to_be_hidden()


def test_problems_are_shown(page: Any, connect_client: Any, connect_mock: ConnectMock) -> None:
    see(page.get_by_role("heading", name="Problems")).to_be_hidden()
    with pytest.raises(Exception, match="has no fake for ListPrompts"):
        connect_client.list_prompts(InstanceId=connect_mock.instances[0].id)
    see(page.get_by_text("connect.ListPrompts was called, which has no fake.")).to_be_visible()
    connect_mock.reset()


# Actions, by keyboard where it matters


def test_agents_are_added_by_keyboard(page: Any, connect_queue: Queue) -> None:
    page.get_by_role("link", name="Skip to the contacts").focus()
    count = page.get_by_label(f"Agents to add to {connect_queue.name}")
    for _ in range(40):
        page.keyboard.press("Tab")
        if count.evaluate("input => input === document.activeElement"):
            break
    see(count).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    see(page.get_by_text("Agents: 3 available")).to_be_visible()
    see(page.locator("#news")).to_have_text(f"3 agents added to {connect_queue.name}")
    assert len(connect_queue.agents) == 3


def test_a_campaign_is_paused_and_resumed_by_keyboard(page: Any, connect_campaign: Campaign) -> None:
    card = page.locator(".campaigns .card")
    card.get_by_role("button", name="Start").press("Enter")
    see(card.get_by_role("button", name="Pause")).to_be_focused()
    page.keyboard.press("Enter")
    see(card.locator(".state")).to_have_text("Paused")
    see(card.get_by_role("button", name="Resume")).to_be_focused()
    page.keyboard.press("Enter")
    see(card.locator(".state")).to_have_text("Running")
    assert connect_campaign.state == "Running"


def test_a_planned_fault_fires_visibly(page: Any, connect_client: Any, put: Put, an_item: AnItem) -> None:
    page.get_by_label("Error code or HTTP status").fill("AccessDeniedException")
    page.get_by_role("button", name="Plan").click()
    fault = page.locator("#faults li")
    see(fault).to_contain_text("fail('BatchPutContact', 'AccessDeniedException', times=1)")
    see(fault).to_contain_text("planned, 1 left")
    with pytest.raises(connect_client.exceptions.AccessDeniedException):
        put(an_item())
    see(fault).to_contain_text("fired once, over")
    see(page.locator(".calls summary")).to_contain_text("AccessDeniedException")


@pytest.mark.connect_mock(strict=False)
def test_each_kind_of_fault_is_planned(page: Any) -> None:
    kind, faults = page.get_by_label("Kind of fault"), page.locator("#faults")
    for label, plan in [
        ("the response is lost", "lose_response('BatchPutContact', times=1)"),
        ("the response is late", "delay('BatchPutContact', 5, times=1)"),
        ("the connection is refused", "refuse_connection('BatchPutContact', times=1)"),
        ("the connection is reset", "reset_connection('BatchPutContact', times=1)"),
    ]:
        kind.select_option(label=label)
        page.get_by_role("button", name="Plan").click()
        see(faults).to_contain_text(plan)
    kind.select_option(label="items of BatchPutContact are rejected")
    page.get_by_label("Items with").fill('{"RequestIdentifier": "lead-7"}')
    page.get_by_label("Times").fill("")
    page.get_by_role("button", name="Plan").click()
    see(faults).to_contain_text(
        "reject_contacts('REQUEST_THROTTLED', when={'RequestIdentifier': 'lead-7'}, times=None)"
    )
    kind.select_option(label="items of campaign requests are rejected")
    page.get_by_label("Items with").fill("")
    page.get_by_label("Times").fill("2")
    page.get_by_role("button", name="Plan").click()
    see(faults).to_contain_text("reject_requests('RequestThrottled', times=2)")
    kind.select_option(label="the rate is limited")
    page.get_by_role("button", name="Plan").click()
    see(faults).to_contain_text("limit_rate('BatchPutContact')")


def test_the_models_offer_what_a_fault_takes(page: Any) -> None:
    def offered(selector: str) -> Any:
        return set(page.locator(f"{selector} option").evaluate_all("list => list.map(one => one.value)"))

    see(page.locator("#operations option[value=StopContact]")).to_have_count(1)
    assert {"BatchPutContact", "PutDialRequestBatch", "CreateCampaign"} <= offered("#operations")
    assert {"LimitExceededException", "IdempotencyException", "ThrottlingException"} <= offered("#errors")
    assert {"REQUEST_THROTTLED", "MISSING_CAMPAIGN"} <= offered("#fault-reason")
    assert {"RequestThrottled", "BufferLimitExceeded"} <= offered("#fault-code")
    page.get_by_label("Operation").fill("StopContact")
    see(page.locator("#errors option[value=ContactNotFoundException]")).to_have_count(1)
    assert "IdempotencyException" not in offered("#errors")


def test_the_error_of_the_server_stands_beside_the_form(
    page: Any, connect_mock: ConnectMock, complaints: list[str]
) -> None:
    page.get_by_label("Operation").fill("BatchPutContacts")
    page.get_by_role("button", name="Plan").click()
    with pytest.raises(ValueError, match="BatchPutContacts") as caught:
        connect_mock.fail("BatchPutContacts", "LimitExceededException")
    see(page.locator("#fault-problem")).to_have_text(str(caught.value))
    page.get_by_label("Kind of fault").select_option(label="items of BatchPutContact are rejected")
    page.get_by_label("Items with").fill("{")
    page.get_by_role("button", name="Plan").click()
    see(page.locator("#fault-problem")).to_contain_text("JSON")
    # The browser logs each error response.
    assert [complaint for complaint in complaints if "status of 400" not in complaint] == []
    complaints.clear()


def test_the_page_sets_the_outcome_of_contacts(
    page: Any, connect_queue: Queue, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    page.get_by_label("From now on").select_option(label="the line is busy")
    page.get_by_role("button", name="Apply").click()
    see(page.locator("#news")).to_have_text("From now on, the line is busy")
    connect_queue.add_agents(1)
    put(an_item())
    connect_mock.advance(30)
    see(row(page, "+15555550100")).to_contain_text("TELECOM_BUSY")


def test_the_page_makes_mistakes_of_the_detection(
    page: Any, connect_queue: Queue, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    page.get_by_label("From now on").select_option(label="the customer is taken for a machine")
    page.get_by_role("button", name="Apply").click()
    see(page.locator("#news")).to_have_text("From now on, the customer is taken for a machine")
    connect_queue.add_agents(1)
    put(an_item())
    connect_mock.advance(80)
    see(row(page, "+15555550100")).to_contain_text("CONTACT_FLOW_DISCONNECT")


def test_everything_begins_again(page: Any, put: Put, an_item: AnItem, connect_mock: ConnectMock) -> None:
    put(an_item())
    see(row(page, "+15555550100")).to_be_visible()
    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("button", name="Cancel").click()
    see(page.get_by_role("dialog")).to_be_hidden()
    assert len(connect_mock.contacts) == 1
    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    see(page.get_by_role("heading", name="No contacts yet")).to_be_visible()
    see(page.get_by_text("No API calls yet.")).to_be_visible()
    page.get_by_role("button", name="Add a small one").click()
    see(page.locator(".campaigns")).to_contain_text("Spring")
    assert connect_mock.instances[0].campaigns[0].state == "Running"


def test_all_there_is_to_a_contact_is_opened_by_keyboard(page: Any, put: Put, an_item: AnItem) -> None:
    put(an_item(), an_item(CustomerEndpoint=telephone(1), Attributes={"lead": "7"}))
    upper = page.get_by_role("button", name="+15555550101")
    upper.focus()
    page.keyboard.press("ArrowDown")
    see(page.get_by_role("button", name="+15555550100")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    see(dialog.get_by_role("heading", name="+15555550101")).to_be_visible()
    see(dialog.locator("dd").filter(has_text="lead: 7")).to_be_visible()
    page.keyboard.press("Escape")
    see(dialog).to_be_hidden()
    see(upper).to_be_focused()


def test_the_details_show_what_a_contact_waits_for(
    page: Any, connect_campaign: Campaign, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    put(an_item())
    dialog, number = page.get_by_role("dialog"), page.get_by_role("button", name="+15555550100")
    number.click()
    see(dialog.locator("dd").filter(has_text="an agent of queue 'Queue 1'")).to_be_visible()
    page.keyboard.press("Escape")
    see(dialog).to_be_hidden()
    connect_campaign.start()
    connect_campaign.pause()
    number.click()
    see(dialog.locator("dd").filter(has_text="campaign 'Campaign 1' is paused")).to_be_visible()


def test_the_table_and_the_cards_say_who_waits_for_what(
    page: Any, connect_campaign: Campaign, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    put(an_item(), an_item(CustomerEndpoint=telephone(1)))
    waiting, wait = page.locator(".waiting:visible"), "for an agent of queue 'Queue 1', which has no agents"
    see(row(page, "+15555550100")).to_contain_text(f"waiting {wait}")
    see(waiting).to_have_text(["2 contacts wait for an agent", f"2 contacts wait {wait}"])
    connect_campaign.start()
    connect_campaign.pause()
    see(row(page, "+15555550100")).to_contain_text("waiting because campaign 'Campaign 1' is paused")
    connect_campaign.resume()
    connect_queue.add_agents(1)
    see(waiting).to_contain_text(["1 contact waits for an agent", "whose agents are all busy"])
    connect_queue.add_agents(1)
    see(waiting).to_have_count(0)


def test_the_details_tell_what_happened_and_have_no_empty_rows(
    page: Any, connect_mock: ConnectMock, connect_queue: Queue, put: Put, an_item: AnItem
) -> None:
    connect_mock.lose_response("BatchPutContact")
    put(an_item())
    connect_queue.add_agents(1)
    connect_mock.advance(120)
    see(row(page, "+15555550100")).to_contain_text("CUSTOMER_DISCONNECT, agent agent-1")
    page.get_by_role("button", name="+15555550100").click()
    dialog = page.get_by_role("dialog")
    contact = connect_mock.contacts[0]
    see(dialog.locator("#story li span:last-child")).to_have_text(
        [entry.what for entry in contact.timeline()]
    )
    see(dialog.locator("#story li").first).to_contain_text("+0.0 s")
    assert [text for text in dialog.locator("dd").all_inner_texts() if text in ("", "\u2013", "null")] == []
    see(dialog.locator("dt").filter(has_text="expires_at")).to_have_count(0)


# Whatever comes from outside

HOSTILE = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>&quot;\''


def test_the_page_escapes_input(
    page: Any, connect_instance: Instance, connect_mock: ConnectMock, put: Put, an_item: AnItem
) -> None:
    queue = connect_instance.add_queue(HOSTILE)
    campaign = connect_instance.add_campaign(f"C{HOSTILE}", queue=queue)
    connect_mock.reject_contacts("INTERNAL_ERROR", when={"RequestIdentifier": HOSTILE}, message=HOSTILE)
    of = {"QueueId": queue.id, "Campaign": {"CampaignId": campaign.id}}
    put(an_item(**of, Attributes={"a": HOSTILE}), an_item(**of, RequestIdentifier=HOSTILE))
    shown = row(page, "+15555550100")
    see(shown).to_contain_text(f"a={HOSTILE}")
    see(shown).to_contain_text(f"C{HOSTILE}")
    see(page.locator(".queues strong").nth(1)).to_have_text(HOSTILE)
    see(page.locator("#faults")).to_contain_text("onerror=")
    page.locator(".calls summary").click()
    see(page.locator(".failed strong")).to_have_text(HOSTILE)
    see(page.locator(".failed p")).to_have_text(HOSTILE)
    shown.get_by_role("button").click()
    see(page.get_by_role("dialog")).to_contain_text(HOSTILE)
    assert page.locator("img, body script").count() == 0
    assert page.evaluate("window.harmed === undefined")


# Many contacts


@pytest.fixture
def ten_thousand(connect_mock: ConnectMock, connect_campaign: Campaign, put: Put, an_item: AnItem) -> None:
    for batch in range(0, 10_000, 25):
        put(*(an_item(CustomerEndpoint=telephone(number)) for number in range(batch, batch + 25)))


@pytest.mark.usefixtures("ten_thousand")
def test_ten_thousand_contacts_are_all_there_and_few_are_drawn(
    open_page: Open, connect_queue: Queue, connect_mock: ConnectMock
) -> None:
    page = open_page()
    see(page.get_by_role("button", name="all 10,000")).to_be_visible()
    see(page.get_by_role("table")).to_have_attribute("aria-rowcount", "10001")
    assert page.locator("#rows tr").count() < 60
    newest = page.get_by_role("button", name="+15555560099")
    newest.focus()
    page.keyboard.press("End")
    oldest = page.get_by_role("button", name="+15555550100")
    see(oldest).to_be_focused()
    see(oldest).to_be_in_viewport()
    page.keyboard.press("PageUp")
    page.keyboard.press("PageDown")
    see(oldest).to_be_focused()
    # Scrolling away keeps the focus.
    page.locator("#scroller").evaluate("scroller => { scroller.scrollTop = 0; }")
    see(newest).to_be_in_viewport()
    see(oldest).to_be_focused()
    assert page.locator("#rows tr").count() < 60
    connect_queue.add_agents(200)
    connect_mock.advance(30)
    see(page.get_by_role("button", name="CONNECTED_TO_AGENT 200")).to_be_visible()


def test_the_page_keeps_its_scroll_position(page: Any, put: Put, an_item: AnItem) -> None:
    def batch(first: int) -> None:
        put(*(an_item(CustomerEndpoint=telephone(number)) for number in range(first, first + 25)))

    batch(0)
    batch(25)
    see(page.get_by_role("button", name="all 50")).to_be_visible()
    page.locator("#scroller").evaluate("scroller => { scroller.scrollTop = 400; }")
    read = page.get_by_role("button", name=telephone(35)["Address"])
    see(read).to_be_in_viewport()
    before = read.bounding_box()
    batch(50)
    see(page.get_by_role("button", name="all 75")).to_be_visible()
    assert read.bounding_box() == before


def test_the_clock_and_the_faults_are_in_view(open_page: Open, put: Put, an_item: AnItem) -> None:
    put(*(an_item() for _ in range(25)))
    page = open_page()
    see(page.get_by_role("button", name="Plan")).to_be_in_viewport()
    page.get_by_role("heading", name="API calls").scroll_into_view_if_needed()
    page.mouse.wheel(0, 5000)
    clock = page.get_by_role("button", name="Advance")
    see(clock).to_be_in_viewport()
    narrow = open_page(width=390)
    see(narrow.get_by_role("button", name="all 25")).to_be_visible()
    narrow.get_by_role("link", name="Faults").press("Enter")
    for button in ("Advance", "Plan"):
        see(narrow.get_by_role("button", name=button)).to_be_in_viewport()
    assert narrow.evaluate("document.documentElement.scrollWidth") == 390


# Wherever it is shown


def test_the_lines_to_export_are_copied(open_page: Open, connect_mock: ConnectMock) -> None:
    with connect_mock.serve() as server:
        page = open_page(server.url, permissions=["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy the lines").press("Enter")
        see(page.get_by_role("button", name="Copied")).to_be_focused()
        lines = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert dict(line.removeprefix("export ").split("=", 1) for line in lines) == server.environment
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
        page.get_by_role("button", name="Copied").click()
        assert page.evaluate("String(getSelection())").splitlines() == lines
        # A stream without a reader would end with an error in the console.
        page.goto("about:blank")


def test_a_telephone_s_width_is_enough(
    open_page: Open, connect_instance: Instance, put: Put, an_item: AnItem
) -> None:
    queue = connect_instance.add_queue("A-queue-with-a-name-that-has-no-space-and-is-longer-than-anything")
    campaign = connect_instance.add_campaign("W" * 100, queue=queue)
    put(an_item(QueueId=queue.id, Campaign={"CampaignId": campaign.id}, Attributes={"k" * 50: "v" * 200}))
    page = open_page(width=375)
    see(row(page, "+15555550100")).to_contain_text("INITIATED")
    page.locator(".calls summary").click()
    see(page.locator(".calls pre").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.get_by_role("button", name="+15555550100").click()
    see(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.querySelector('dialog[open]').scrollWidth") <= 375


CONTRASTS = """() => {
  const parts = (color) => color.match(/[0-9.]+/g).map(Number);
  const linear = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const weights = [0.2126, 0.7152, 0.0722];
  const light = (rgb) => weights.reduce((sum, weight, index) => sum + weight * linear(rgb[index] / 255), 0);
  const ground = (node) => {
    for (let element = node; element; element = element.parentElement) {
      const color = parts(getComputedStyle(element).backgroundColor);
      if (color.length === 3) return color;
    }
    return parts(getComputedStyle(document.documentElement).backgroundColor);
  };
  const texts = [...document.querySelectorAll('body *')].filter((node) => node.checkVisibility()
    && [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent.trim()));
  return texts.map((node) => {
    const lights = [light(parts(getComputedStyle(node).color)), light(ground(node))];
    const [lighter, darker] = lights.sort((a, b) => b - a);
    return [(lighter + 0.05) / (darker + 0.05), node.outerHTML.slice(0, 120)];
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.connect_mock(strict=False, state="connect_batchmock/state/example.toml")
def test_every_text_is_read_easily_in_light_and_in_dark(
    open_page: Open, connect_mock: ConnectMock, scheme: str
) -> None:
    connect_mock.lose_response("BatchPutContact")
    instance = connect_mock.instances[0]
    for number in range(4):
        connect_mock.client().start_outbound_voice_contact(
            InstanceId=instance.id,
            ContactFlowId=instance.id,
            DestinationPhoneNumber=telephone(number)["Address"],
            QueueId=instance.queues[0].id,
        )
    connect_mock.advance(20)
    page = open_page(color_scheme=scheme)
    see(row(page, "+1555")).to_have_count(4)
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 60
    assert [contrast for contrast in contrasts if contrast[0] < 4.5] == []
    assert (
        page.evaluate("getComputedStyle(document.body).backgroundColor")
        == {
            "light": "rgb(246, 247, 248)",
            "dark": "rgb(18, 23, 26)",
        }[scheme]
    )


@pytest.mark.parametrize(("wish", "animation"), [("reduce", "none"), ("no-preference", "news")])
def test_reduced_motion_stops_animations(
    open_page: Open, connect_queue: Queue, put: Put, an_item: AnItem, wish: str, animation: str
) -> None:
    put(an_item())
    page = open_page(reduced_motion=wish)
    see(row(page, "+15555550100")).to_contain_text("INITIATED")
    connect_queue.add_agents(1)
    page.get_by_role("button", name="Advance").click()
    see(row(page, "+15555550100")).to_have_class("news")
    see(row(page, "+15555550100")).to_have_css("animation-name", animation)


# When the server goes


def test_the_page_reconnects_after_the_server_was_gone(
    connect_mock: ConnectMock, open_page: Open, complaints: list[str], put: Put, an_item: AnItem
) -> None:
    with connect_mock.serve() as server:
        page = open_page(server.url)
        port = int(server.url.rpartition(":")[2])
        put(an_item())
        see(row(page, "+15555550100")).to_be_visible()
    see(page.locator("#connection")).to_have_text("The server does not respond. Retrying…")
    page.get_by_role("button", name="Advance").click()
    see(page.locator("#clock-problem")).to_contain_text("The server does not respond.")
    put(an_item(CustomerEndpoint=telephone(1)))
    with connect_mock.serve(port=port):
        see(page.locator("#connection")).to_have_text("Live")
        see(row(page, "+1555")).to_have_count(2)
        page.goto("about:blank")
    # The browser logs each request without a response.
    assert [complaint for complaint in complaints if "net::ERR_" not in complaint] == []
    complaints.clear()
