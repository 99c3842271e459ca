// The contacts: a table that holds only the visible rows, so that it can show any number of contacts.

import { byId, element, options, plural, setText, time } from "./elements.js";

const STATES = ["INITIATED", "QUEUED", "CONNECTED_TO_SYSTEM", "CONNECTED_TO_AGENT", "DISCONNECTED", "COMPLETED"];
const OVERSCAN = 8;
const HEADER_ROWS = 1;

export class ContactTable {
  constructor(open) {
    this.open = open;
    this.contacts = [];
    this.numbers = new Map();
    this.view = [];
    this.present = 0;
    this.drawn = new Map();
    this.waits = new Map();
    this.state = "";
    this.active = null;
    this.scroller = byId("scroller");
    this.rows = byId("rows");
    this.table = this.rows.parentElement;
    this.chips = this.makeChips();
    this.scroller.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.scroller);
    this.rows.addEventListener("keydown", (event) => this.move(event));
    this.rows.addEventListener("focusin", (event) => this.activate(event.target.closest("tr")));
    for (const id of ["filter-text", "filter-campaign", "filter-queue"]) {
      byId(id).addEventListener("input", () => this.filterChanged());
    }
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("clear-filters").addEventListener("click", () => this.clearFilters());
  }

  clear() {
    this.contacts = [];
    this.numbers.clear();
    this.active = null;
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
  }

  // A contact that changed while the table was loading is up to date already.
  load(first, contacts) {
    contacts.forEach((contact, index) => {
      const number = first + index;
      if (!this.contacts[number - 1]) this.keep({ ...contact, number });
    });
  }

  keep(contact) {
    contact.searchText = searchTextOf(contact);
    this.contacts[contact.number - 1] = contact;
  }

  // Filters

  makeChips() {
    return ["", ...STATES].map((state) => {
      const count = element("span", { class: "count" });
      const chip = element(
        "button",
        { type: "button", class: "chip", "data-state": state, "aria-pressed": String(state === ""), onclick: () => this.choose(state) },
        element("span", {}, state || "all"), " ", count,
      );
      byId("states").append(chip);
      return { state, chip, count };
    });
  }

  choose(state) {
    this.state = state;
    for (const { chip, state: shown } of this.chips) chip.setAttribute("aria-pressed", String(shown === state));
    this.filterChanged();
  }

  clearFilters() {
    for (const id of ["filter-text", "filter-campaign", "filter-queue"]) byId(id).value = "";
    this.choose("");
    byId("filter-text").focus();
  }

  filterChanged() {
    this.scroller.scrollTop = 0;
    this.refresh();
  }

  offerFilters(instances) {
    const choices = (kind) => instances.flatMap((instance) => instance[kind].map(({ id, name }) => [id, `${name} (${instance.alias})`]));
    options(byId("filter-campaign"), choices("campaigns"));
    options(byId("filter-queue"), choices("queues"));
  }

  // What the contacts of a campaign wait for changes without the contacts.
  showWaits(instances) {
    this.waits = new Map(instances.flatMap((instance) => instance.campaigns.map(({ id, wait }) => [id, wait])));
  }

  // Drawing

  refresh() {
    const text = byId("filter-text").value.trim().toLowerCase();
    const campaign = byId("filter-campaign").value;
    const queue = byId("filter-queue").value;
    const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
    const view = [];
    let all = 0;
    this.present = 0;
    for (const contact of this.contacts) {
      if (contact) this.present += 1;
      if (!contact || (campaign && contact.campaign?.id !== campaign) || (queue && contact.queue?.id !== queue)) continue;
      if (text && !contact.searchText.includes(text)) continue;
      counts[contact.state] += 1;
      all += 1;
      if (!this.state || contact.state === this.state) view.push(contact);
    }
    // The newest contact comes first.
    view.reverse();
    this.keepScrollPosition(view);
    this.view = view;
    for (const { state, count } of this.chips) setText(count, (state ? counts[state] : all).toLocaleString("en"));
    this.showCount();
    this.draw();
  }

  // Visible rows do not move when rows are added above them.
  keepScrollPosition(view) {
    const top = this.scroller.scrollTop;
    const first = this.view[Math.floor(top / this.rowHeight())];
    if (top === 0 || !first) return;
    const moved = view.findIndex((contact) => contact.number === first.number) - Math.floor(top / this.rowHeight());
    if (moved > 0) {
      this.rows.style.height = `${view.length * this.rowHeight()}px`;
      this.scroller.scrollTop = top + moved * this.rowHeight();
    }
  }

  showCount() {
    const loaded = this.contacts.length;
    const isLoading = this.present < loaded;
    const some = isLoading ? this.present : this.view.length;
    const text = some === loaded ? plural(loaded, "contact") : `${some.toLocaleString("en")} of ${plural(loaded, "contact")}`;
    setText(byId("shown"), isLoading ? `${text} loaded` : text);
    byId("no-contacts").hidden = loaded > 0;
    byId("filters").hidden = loaded === 0;
    byId("no-match").hidden = loaded === 0 || this.view.length > 0;
    this.scroller.hidden = this.view.length === 0;
    this.table.setAttribute("aria-rowcount", String(this.view.length + HEADER_ROWS));
  }

  rowHeight() {
    return Number.parseFloat(getComputedStyle(this.scroller).getPropertyValue("--row"));
  }

  draw() {
    const height = this.rowHeight();
    const top = this.scroller.scrollTop;
    const first = Math.max(0, Math.floor(top / height) - OVERSCAN);
    const last = Math.min(this.view.length, Math.ceil((top + this.scroller.clientHeight) / height) + OVERSCAN);
    const wanted = new Set();
    this.rows.style.height = `${this.view.length * height}px`;
    for (let index = first; index < last; index += 1) wanted.add(index);
    // The row that has the focus stays, wherever the user scrolls.
    const focused = document.activeElement?.closest?.("#rows tr");
    const focusedIndex = focused ? this.view.findIndex((contact) => contact.id === focused.dataset.key) : -1;
    if (focusedIndex >= 0) wanted.add(focusedIndex);
    this.drawRows([...wanted].sort((left, right) => left - right), height);
    this.chooseTabStop(first);
  }

  drawRows(indexes, height) {
    const stale = new Map(this.drawn);
    let before = null;
    for (const index of indexes) {
      const contact = this.view[index];
      const row = this.drawn.get(contact.id) ?? this.makeRow(contact);
      stale.delete(contact.id);
      this.drawn.set(contact.id, row);
      row.style.transform = `translateY(${index * height}px)`;
      row.setAttribute("aria-rowindex", String(index + 1 + HEADER_ROWS));
      this.fill(row, contact);
      // Rows are in visual order in the document, too; a row that has the focus is not moved, which would blur it.
      const place = before ? before.nextElementSibling : this.rows.firstElementChild;
      if (row !== place && !(row.isConnected && row.contains(document.activeElement))) this.rows.insertBefore(row, place);
      before = row;
    }
    for (const [id, row] of stale) {
      row.remove();
      this.drawn.delete(id);
    }
  }

  makeRow(contact) {
    const open = element("button", { type: "button", class: "link", tabindex: "-1", onclick: () => this.open(this.contactOf(contact)) });
    const badge = element("span", { class: "state" });
    const cells = [open, badge, "", "", "", "", ""].map((content) => element("td", { role: "cell" }, content));
    const row = element("tr", { role: "row", "data-key": contact.id }, ...cells);
    return row;
  }

  contactOf(contact) {
    return this.contacts[contact.number - 1];
  }

  fill(row, contact) {
    const wait = this.waits.get(contact.campaign?.id);
    if (row.contact === contact && row.wait === wait) return;
    const hasChanged = row.contact !== undefined && row.contact.state !== contact.state;
    row.contact = contact;
    row.wait = wait;
    const [customer, state, happened, campaign, queue, attributes, created] = row.children;
    setText(customer.firstChild, contact.customer_address);
    setText(state.firstChild, contact.state);
    state.firstChild.dataset.state = contact.state;
    const texts = [happened, whatHappened(contact, wait), campaign, contact.campaign?.name ?? "–", queue, contact.queue?.name ?? "–",
      attributes, pairs(contact.attributes), created, time(contact.created_at)];
    for (let index = 0; index < texts.length; index += 2) {
      setText(texts[index], texts[index + 1]);
      texts[index].title = texts[index + 1];
    }
    if (hasChanged) flash(row);
  }

  // The keyboard: the table is one tab stop, and the arrow keys move between rows.

  chooseTabStop(first) {
    const visible = Math.min(first + OVERSCAN, this.view.length - 1);
    const stop = this.drawn.get(this.active) ?? this.drawn.get(this.view[first === 0 ? 0 : visible]?.id);
    for (const row of this.drawn.values()) row.querySelector("button").tabIndex = row === stop ? 0 : -1;
  }

  activate(row) {
    this.active = row.dataset.key;
    this.chooseTabStop(0);
  }

  move(event) {
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight()) - 2);
    const steps = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const index = this.view.findIndex((contact) => contact.id === this.active);
    const to = Math.min(Math.max(index + steps[event.key], 0), this.view.length - 1);
    this.scrollTo(to);
    this.draw();
    this.drawn.get(this.view[to].id).querySelector("button").focus({ preventScroll: true });
  }

  scrollTo(index) {
    const height = this.rowHeight();
    const head = this.table.tHead.offsetHeight;
    const room = this.scroller.clientHeight - head;
    if (index * height < this.scroller.scrollTop) this.scroller.scrollTop = index * height;
    if ((index + 1) * height > this.scroller.scrollTop + room) this.scroller.scrollTop = (index + 1) * height - room;
  }
}

function flash(row) {
  row.classList.remove("news");
  requestAnimationFrame(() => row.classList.add("news"));
}

function pairs(attributes) {
  return Object.entries(attributes).map(([name, value]) => `${name}=${value}`).join(", ") || "–";
}

// The text that the filter searches.
function searchTextOf(contact) {
  const names = [contact.campaign?.name, contact.queue?.name, contact.agent?.username, contact.instance.alias];
  const texts = [contact.customer_address, contact.system_address, contact.id, contact.request_identifier, contact.state,
    whatHappened(contact), contact.disconnect_reason, pairs(contact.attributes), pairs(contact.tags), ...names];
  return texts.filter(Boolean).join("\n").toLowerCase();
}

function whatHappened(contact, wait) {
  if (contact.state === "INITIATED" && contact.dialed_at) return "ringing";
  if (contact.state === "INITIATED") return wait ? `waiting ${wait}` : "waiting";
  if (contact.state === "QUEUED" && !contact.agent) return "waiting for an agent";
  // The name of an agent alone could be taken for that of a queue.
  const agent = contact.agent && `agent ${contact.agent.username}`;
  const ending = contact.disconnect_reason ?? contact.answering_machine_detection_status;
  const parts = contact.state === "CONNECTED_TO_AGENT" ? [agent] : [ending, agent];
  return parts.filter(Boolean).join(", ") || "–";
}
