// The page loads the state of the mock, follows its changes, and draws at most once per frame.

import { CallList } from "./calls.js";
import { ContactTable } from "./contacts.js";
import { announce, attempt, byId, element, plural, setText } from "./elements.js";
import { listenToForms, showOverview } from "./panels.js";
import { follow, newestFirst, post, read } from "./server.js";

const INITIAL_CALLS = 500;
const ANNOUNCE_INTERVAL = 5000;
const CONNECTIONS = { live: "Live", lost: "The server does not respond. Retrying…" };
const SMALL_CALL_CENTER = {
  instances: [{
    alias: "sales",
    phone_numbers: ["+15555550199"],
    queues: [{ name: "Outbound sales", agents: 2 }],
    campaigns: [{ name: "Spring", queue: "Outbound sales", state: "Running" }],
  }],
};

const table = new ContactTable(openContact);
const calls = new CallList();
let clock = null;
let overview = null;
let history = 0;
let isScheduled = false;
let announcedAt = 0;

// Drawing

function draw() {
  isScheduled = false;
  if (overview) {
    showOverview(overview);
    table.offerFilters(overview.instances);
    table.showWaits(overview.instances);
    byId("seed-first").hidden = overview.instances.length > 0;
  }
  table.refresh();
  calls.refresh();
}

function schedule() {
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(draw);
}

function showConnection(state) {
  const label = byId("connection");
  label.dataset.state = state;
  setText(label, CONNECTIONS[state]);
}

// Following

function begin(batch) {
  history += 1;
  const current = history;
  table.clear();
  calls.clear();
  apply(batch);
  // The mock may be reset before everything is loaded.
  const isStale = () => current !== history;
  // After an error, everything is loaded again when the server is back.
  Promise.all([loadContacts(batch.counts, isStale), loadCalls(batch.counts, isStale)]).catch(() => {});
}

async function loadContacts(counts, isStale) {
  for await (const { first, entries } of newestFirst("contacts", counts.contacts)) {
    if (isStale()) return;
    table.load(first, entries);
    schedule();
  }
}

async function loadCalls(counts, isStale) {
  const before = Math.max(0, counts.calls - INITIAL_CALLS);
  const failedBefore = Math.max(0, counts.failed_requests - INITIAL_CALLS);
  const recent = await read(`calls?after=${before}&limit=${INITIAL_CALLS}`);
  const failed = await read(`failed_requests?after=${failedBefore}&limit=${INITIAL_CALLS}`);
  if (isStale()) return;
  calls.loadFailed(failed.failed_requests.slice(0, counts.failed_requests - failedBefore));
  calls.load(before + 1, recent.calls.slice(0, counts.calls - before));
  schedule();
}

function apply(batch) {
  clock = { now: Date.parse(batch.now), at: performance.now() };
  if (batch.overview) overview = batch.overview;
  const known = table.contacts.length;
  for (const contact of batch.contacts) table.keep(contact);
  calls.counts = batch.counts;
  calls.loadFailed(batch.failed_requests);
  calls.load(batch.counts.calls - batch.calls.length + 1, batch.calls);
  announceContacts(table.contacts.length - known);
  schedule();
}

// Screen readers announce new contacts at intervals, and not each of them.
function announceContacts(added) {
  if (added <= 0 || performance.now() - announcedAt < ANNOUNCE_INTERVAL) return;
  announcedAt = performance.now();
  announce(`${plural(added, "new contact")}, ${table.contacts.length.toLocaleString("en")} in all`);
}

function tick() {
  if (!clock) return;
  const now = new Date(clock.now + performance.now() - clock.at).toISOString();
  setText(byId("now"), `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`);
  byId("now").dateTime = now;
  setText(byId("advanced"), overview?.advanced ? `advanced by ${duration(overview.advanced)}` : "");
}

function duration(seconds) {
  const parts = [[Math.floor(seconds / 3600), "h"], [Math.floor((seconds % 3600) / 60), "min"], [Math.round(seconds % 60), "s"]];
  return parts.filter(([count]) => count > 0).map(([count, unit]) => `${count.toLocaleString("en")} ${unit}`).join(" ") || "0 s";
}

// The dialog with all members of a contact

async function openContact(known) {
  // What a contact waits for changes without the contact, so that it is read when somebody looks.
  const [current, story] = await Promise.all([
    read(`contacts?id=${encodeURIComponent(known.id)}`).catch(() => ({ contacts: [] })),
    post("describe_contact", { contact: known.id }).catch(() => ""),
  ]);
  const contact = current.contacts[0] ?? known;
  setText(byId("contact-title"), contact.customer_address);
  showStory(story);
  const members = Object.entries(contact).filter(([name]) => !["searchText", "number"].includes(name))
    .map(([name, value]) => [name, textOf(value)]).filter(([, text]) => text);
  byId("contact-members").replaceChildren(...members.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]));
  byId("contact-dialog").showModal();
}

// The lines before the first empty one say what the members say; a line without a time continues the one before.
function showStory(story) {
  const [begin, ...lines] = story.slice(story.indexOf("\n\n") + 2).split("\n");
  const entries = [];
  for (const line of lines) {
    const [, at, what] = line.match(/^ +([+-][0-9.:]+ [sh]) {2}(.*)$/) ?? [];
    if (at) entries.push([at, what]);
    else entries[entries.length - 1][1] += ` ${line.trim()}`;
  }
  setText(byId("story-begin"), begin);
  byId("story").replaceChildren(...entries.map(([at, what]) => element("li", {}, element("span", { class: "at" }, at), element("span", {}, what))));
  byId("contact-story").hidden = !story;
}

function textOf(value) {
  if (value === null) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, item]) => `${name}: ${typeof item === "object" ? JSON.stringify(item) : item}`).join("\n");
}

// Actions

byId("advance").addEventListener("submit", (event) => {
  event.preventDefault();
  const seconds = Number(byId("seconds").value);
  attempt(byId("clock-problem"), () => post("advance", { seconds }), `Advanced by ${duration(seconds)}`);
});
byId("ask-reset").addEventListener("click", () => byId("reset-dialog").showModal());
byId("reset").addEventListener("click", () => {
  byId("reset-dialog").close();
  attempt(byId("clock-problem"), () => post("reset"), "The mock was reset");
});
byId("seed").addEventListener("click", async () => {
  await attempt(byId("seed-problem"), () => post("seed", SMALL_CALL_CENTER), "A call center was added");
  // The button disappears with the first instance.
  byId("contacts").focus({ preventScroll: true });
});
for (const close of document.querySelectorAll("[data-close]")) {
  close.addEventListener("click", () => close.closest("dialog").close());
}
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

async function showExports() {
  const { exports } = await read("environment");
  byId("exports").textContent = exports.join("\n");
}

byId("copy-exports").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(byId("exports").textContent);
    announce("The lines were copied");
    setText(byId("copy-exports"), "Copied");
  } catch {
    // Browsers let only pages of this machine, or over HTTPS, write to the clipboard.
    getSelection().selectAllChildren(byId("exports"));
    announce("The lines are selected: copy them with the keyboard");
    setText(byId("copy-exports"), "Selected: copy with the keyboard");
  }
});

showExports();
listenToForms();
setInterval(tick, 250);
follow({
  begin,
  change(batch) {
    apply(batch);
    tick();
  },
  connection: showConnection,
});
