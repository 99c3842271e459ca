// The API calls, newest first: the attempts of one API call stand together, and are opened for their details.

import { byId, element, keyed, plural, setText, time } from "./elements.js";

const PAGE_SIZE = 100;

export class CallList {
  constructor() {
    this.clear();
    byId("more-calls").addEventListener("click", () => {
      this.limit += PAGE_SIZE;
      this.refresh();
    });
  }

  clear() {
    this.loaded = new Set();
    this.groups = new Map();
    this.ordered = [];
    this.failed = new Map();
    this.counts = { calls: 0, failed_requests: 0 };
    this.limit = PAGE_SIZE;
  }

  load(first, calls) {
    calls.forEach((call, index) => this.add({ ...call, number: first + index }));
  }

  add(call) {
    if (this.loaded.has(call.number)) return;
    this.loaded.add(call.number);
    // Only clients of botocore number their API calls.
    const key = call.invocation_id ?? `call ${call.number}`;
    const group = this.groups.get(key) ?? { key, attempts: [] };
    group.attempts.push(call);
    if (this.groups.has(key)) return;
    this.groups.set(key, group);
    const isInOrder = !this.ordered.length || firstOf(this.ordered[this.ordered.length - 1]) < call.number;
    this.ordered.push(group);
    // Earlier calls may be loaded after those that follow them.
    if (!isInOrder) this.ordered.sort((left, right) => firstOf(left) - firstOf(right));
  }

  loadFailed(items) {
    for (const item of items) {
      const items = this.failed.get(item.call_number) ?? [];
      items.push(item);
      this.failed.set(item.call_number, items);
    }
  }

  refresh() {
    const count = this.ordered.length;
    const shown = this.ordered.slice(Math.max(0, count - this.limit)).reverse();
    setText(byId("calls-count"), this.totals());
    byId("no-calls").hidden = count > 0;
    byId("more-calls").hidden = count <= this.limit;
    byId("calls").start = count;
    keyed(byId("calls"), shown, (group) => group.key, () => element("li", {}), (item, group) => this.fill(item, group));
  }

  totals() {
    const { calls, failed_requests: failed } = this.counts;
    const isComplete = this.loaded.size === calls;
    const parts = [];
    if (isComplete) parts.push(plural(this.ordered.length, "API call"));
    if (!isComplete || this.ordered.length !== calls) parts.push(plural(calls, "attempt"));
    return [...parts, plural(failed, "failed item")].join(", ");
  }

  fill(item, group) {
    if (item.attempts === group.attempts.length) return;
    item.attempts = group.attempts.length;
    const details = element("details", {}, this.summary(group));
    // The body is made when the user opens the API call.
    details.addEventListener("toggle", () => details.append(...this.body(group)), { once: true });
    details.open = item.firstElementChild?.open ?? false;
    const hadFocus = item.contains(document.activeElement);
    item.replaceChildren(details);
    if (hadFocus) details.firstElementChild.focus({ preventScroll: true });
  }

  summary({ attempts }) {
    const [first] = attempts;
    const last = attempts[attempts.length - 1];
    const failed = attempts.flatMap((attempt) => this.failed.get(attempt.number) ?? []);
    const state = last.error ? "error" : failed.length ? "failed" : "answered";
    const faults = attempts.reduce((count, attempt) => count + attempt.faults.length, 0);
    const numbers = attempts.length > 1 ? `#${first.number}–${last.number}` : `#${first.number}`;
    return element("summary", {},
      element("span", { class: "at" }, time(first.at)),
      element("span", { class: "muted number" }, numbers),
      element("strong", {}, first.operation),
      element("span", { class: "state", "data-state": state }, last.error ?? (failed.length ? plural(failed.length, "failed item") : "answered")),
      attempts.length > 1 ? element("span", { class: "muted" }, plural(attempts.length, "attempt")) : "",
      first.internal ? element("span", { class: "muted" }, "by the campaign service") : "",
      faults ? element("span", { class: "state", "data-state": "fired" }, plural(faults, "fault")) : "");
  }

  body({ attempts }) {
    const isAlone = attempts.length === 1;
    const parts = attempts.flatMap((attempt) => [
      ...(isAlone ? [] : [element("h3", { class: "attempt" }, `Attempt ${attempt.attempt}: ${attempt.error ?? "answered"}`)]),
      ...this.attempt(attempt),
    ]);
    return [...parts, ...json("Parameters", attempts[0].parameters), ...json("Result", attempts[attempts.length - 1].result)];
  }

  attempt(call) {
    const failed = this.failed.get(call.number) ?? [];
    const parts = [];
    if (call.message) parts.push(element("p", { class: "problem" }, call.message));
    if (call.faults.length) {
      parts.push(element("h3", {}, "Faults that it met"),
        element("ul", { class: "plain" }, ...call.faults.map((plan) => element("li", {}, element("code", {}, plan)))));
    }
    if (failed.length) {
      parts.push(element("h3", {}, "Failed items"), element("ul", { class: "plain failed" }, ...failed.map(failedItem)));
    }
    return parts;
  }
}

function firstOf(group) {
  return group.attempts[0].number;
}

function failedItem(item) {
  const name = item.request_identifier ?? item.item.CustomerEndpoint?.Address ?? "an item";
  return element("li", {}, element("strong", {}, name), " ", element("span", { class: "state", "data-state": "error" }, item.reason),
    element("p", { class: "muted" }, item.message));
}

function json(heading, value) {
  if (value === null) return [];
  return [element("h3", {}, heading), element("pre", { tabindex: "0" }, JSON.stringify(value, null, 2))];
}
