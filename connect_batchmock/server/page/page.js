// The page: it begins with what there is, and then follows what changes, one drawing for each frame at most.

import { CallList } from "./calls.js";
import { ContactTable } from "./contacts.js";
import { announce, attempt, byId, element, plural, setText } from "./elements.js";
import { listenToForms, showCenter } from "./panels.js";
import { follow, fromTheEnd, read, tell } from "./server.js";

const CALLS_TO_BEGIN_WITH = 500;
const SAY_EVERY = 5000;
const CONNECTIONS = { live: "Live", lost: "The server does not answer. Trying again…" };
const SMALL_CENTER = {
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
let center = null;
let history = 0;
let isScheduled = false;
let said = 0;

// Drawing

function draw() {
  isScheduled = false;
  if (center) {
    showCenter(center);
    table.center(center.instances);
    byId("seed-first").hidden = center.instances.length > 0;
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
  const shown = byId("connection");
  shown.dataset.state = state;
  setText(shown, CONNECTIONS[state]);
}

// Following

async function begin(look) {
  history += 1;
  const mine = history;
  table.clear();
  calls.clear();
  take(look);
  // The server may have begun again before all is loaded.
  const isOver = () => mine !== history;
  // What cannot be loaded any more is loaded anew once the server is back.
  Promise.all([loadContacts(look.counts, isOver), loadCalls(look.counts, isOver)]).catch(() => {});
}

async function loadContacts(counts, isOver) {
  for await (const { first, entries } of fromTheEnd("contacts", counts.contacts)) {
    if (isOver()) return;
    table.load(first, entries);
    schedule();
  }
}

async function loadCalls(counts, isOver) {
  const before = Math.max(0, counts.calls - CALLS_TO_BEGIN_WITH);
  const failedBefore = Math.max(0, counts.failed_requests - CALLS_TO_BEGIN_WITH);
  const answer = await read(`calls?after=${before}&limit=${CALLS_TO_BEGIN_WITH}`);
  const failed = await read(`failed_requests?after=${failedBefore}&limit=${CALLS_TO_BEGIN_WITH}`);
  if (isOver()) return;
  calls.loadFailed(failed.failed_requests.slice(0, counts.failed_requests - failedBefore));
  calls.load(before + 1, answer.calls.slice(0, counts.calls - before));
  schedule();
}

function take(look) {
  clock = { now: Date.parse(look.now), at: performance.now() };
  if (look.overview) center = look.overview;
  const known = table.contacts.length;
  for (const contact of look.contacts) table.keep(contact);
  calls.loadFailed(look.failed_requests);
  calls.load(look.counts.calls - look.calls.length + 1, look.calls);
  sayNow(table.contacts.length - known);
  schedule();
}

// Whoever listens hears of contacts now and then, and not of each.
function sayNow(added) {
  if (added <= 0 || performance.now() - said < SAY_EVERY) return;
  said = performance.now();
  announce(`${plural(added, "new contact")}, ${table.contacts.length.toLocaleString("en")} in all`);
}

function tick() {
  if (!clock) return;
  const now = new Date(clock.now + performance.now() - clock.at).toISOString();
  setText(byId("now"), `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`);
  byId("now").dateTime = now;
  setText(byId("advanced"), center?.advanced ? `advanced by ${duration(center.advanced)}` : "");
}

function duration(seconds) {
  const parts = [[Math.floor(seconds / 3600), "h"], [Math.floor((seconds % 3600) / 60), "min"], [Math.round(seconds % 60), "s"]];
  return parts.filter(([count]) => count > 0).map(([count, unit]) => `${count.toLocaleString("en")} ${unit}`).join(" ") || "0 s";
}

// A contact with all there is to it

function openContact(contact) {
  setText(byId("contact-title"), contact.customer_address);
  const members = Object.entries(contact).filter(([name]) => !["words", "number"].includes(name));
  byId("contact-members").replaceChildren(...members.flatMap(([name, value]) => [
    element("dt", {}, name), element("dd", {}, value === null ? "–" : words(value))]));
  byId("contact-dialog").showModal();
}

function words(value) {
  if (typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, one]) => `${name}: ${typeof one === "object" ? JSON.stringify(one) : one}`).join("\n") || "–";
}

// What can be done

byId("advance").addEventListener("submit", (event) => {
  event.preventDefault();
  const seconds = Number(byId("seconds").value);
  attempt(byId("clock-problem"), () => tell("advance", { seconds }), `Advanced by ${duration(seconds)}`);
});
byId("ask-reset").addEventListener("click", () => byId("reset-dialog").showModal());
byId("reset").addEventListener("click", () => {
  byId("reset-dialog").close();
  attempt(byId("clock-problem"), () => tell("reset"), "Everything begins again");
});
byId("seed").addEventListener("click", async () => {
  await attempt(byId("seed-problem"), () => tell("seed", SMALL_CENTER), "A call center was added");
  // The button goes once there is one.
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
  const { settings } = await read("settings");
  const services = ["CONNECT", "CONNECTCAMPAIGNS", "CONNECTCAMPAIGNSV2"];
  const lines = [
    ...services.map((service) => [`AWS_ENDPOINT_URL_${service}`, location.origin]),
    ["AWS_ACCESS_KEY_ID", "connect-batchmock"], ["AWS_SECRET_ACCESS_KEY", "connect-batchmock"],
    ["AWS_REGION", settings.region], ["AWS_DEFAULT_REGION", settings.region],
  ];
  byId("exports").textContent = lines.map(([name, value]) => `export ${name}=${value}`).join("\n");
}

showExports();
listenToForms();
setInterval(tick, 250);
follow({
  begin,
  change(look) {
    take(look);
    tick();
  },
  connection: showConnection,
});
