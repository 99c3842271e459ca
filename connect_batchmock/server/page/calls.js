// The API calls, newest first; each one shows its errors, and its parameters and result when it is opened.

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
    this.calls = [];
    this.failed = new Map();
    this.limit = PAGE_SIZE;
  }

  load(first, calls) {
    calls.forEach((call, index) => {
      this.calls[first + index - 1] = { ...call, number: first + index };
    });
  }

  loadFailed(items) {
    for (const item of items) {
      const items = this.failed.get(item.call_number) ?? [];
      items.push(item);
      this.failed.set(item.call_number, items);
    }
  }

  refresh() {
    const count = this.calls.length;
    const shown = this.calls.slice(Math.max(0, count - this.limit)).filter(Boolean).reverse();
    setText(byId("calls-count"), plural(count, "API call"));
    byId("no-calls").hidden = count > 0;
    byId("more-calls").hidden = count <= this.limit;
    byId("calls").start = count;
    keyed(byId("calls"), shown, (call) => call.number, (call) => this.make(call), () => {});
  }

  make(call) {
    const failed = this.failed.get(call.number) ?? [];
    const outcome = call.error ?? (failed.length ? plural(failed.length, "failed item") : "answered");
    const state = call.error ? "error" : failed.length ? "failed" : "answered";
    const details = element("details", {},
      element("summary", {},
        element("span", { class: "at" }, time(call.at)),
        element("strong", {}, call.operation),
        element("span", { class: "state", "data-state": state }, outcome),
        call.attempt > 1 ? element("span", { class: "muted" }, `attempt ${call.attempt}`) : "",
        call.internal ? element("span", { class: "muted" }, "by the campaign service") : "",
        call.faults.length ? element("span", { class: "state", "data-state": "fired" }, plural(call.faults.length, "fault")) : ""));
    // The body is made when the user opens the call.
    details.addEventListener("toggle", () => details.append(...this.body(call, failed)), { once: true });
    return element("li", {}, details);
  }

  body(call, failed) {
    const parts = [];
    if (call.message) parts.push(element("p", { class: "problem" }, call.message));
    if (call.faults.length) {
      parts.push(element("h3", {}, "Faults that it met"),
        element("ul", { class: "plain" }, ...call.faults.map((plan) => element("li", {}, element("code", {}, plan)))));
    }
    if (failed.length) {
      parts.push(element("h3", {}, "Failed items"), element("ul", { class: "plain failed" }, ...failed.map(failedItem)));
    }
    parts.push(...json("Parameters", call.parameters), ...json("Result", call.result));
    return parts;
  }
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
