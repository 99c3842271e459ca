// The panels of the overview: instances with their queues and campaigns, faults, and problems.

import { attempt, byId, element, keyed, plural, setText } from "./elements.js";
import { post, read } from "./server.js";

const ACTIVITIES = [["AVAILABLE", "available"], ["ON_CALL", "on a phone call"], ["AFTER_CONTACT_WORK", "in after contact work"],
  ["NON_PRODUCTIVE", "in a custom status"], ["OFFLINE", "offline"]];
const STATUSES = ["500", "502", "503", "504"];
const VERBS = {
  Initialized: ["start"],
  Running: ["pause", "stop"],
  Paused: ["resume", "stop"],
  Failed: ["stop"],
};

export function showOverview(overview) {
  byId("no-center").hidden = overview.instances.length > 0;
  keyed(byId("instances"), overview.instances, (instance) => instance.id, makeInstance, fillInstance);
  showFaults(overview);
  const unfaked = overview.unfaked_operations.map((operation) => `${operation} was called, which has no fake.`);
  showProblems([...unfaked, ...overview.broken_plans]);
}

function makeInstance(instance) {
  return element("section", { class: "instance", "aria-label": `Instance ${instance.alias}` },
    element("h3", {}), element("p", { class: "muted facts" }), element("ul", { class: "plain queues" }),
    element("ul", { class: "plain campaigns" }));
}

function fillInstance(section, instance) {
  const [heading, facts, queues, campaigns] = section.children;
  setText(heading, instance.alias);
  setText(facts, [instance.region, ...instance.phone_numbers].join(" · "));
  keyed(queues, instance.queues, (queue) => queue.id, makeQueue, fillQueue);
  keyed(campaigns, instance.campaigns, (campaign) => campaign.id, makeCampaign, fillCampaign);
}

// Queues

function makeQueue(queue) {
  const problem = element("p", { class: "problem", role: "alert", hidden: true });
  const count = element("input", { type: "number", min: "1", max: "10000", step: "1", value: "1", required: true, "aria-label": `Agents to add to ${queue.name}` });
  const submit = (event) => {
    event.preventDefault();
    const agents = Number(count.value);
    attempt(problem, () => post(`queues/${encodeURIComponent(queue.id)}/add_agents`, { count: agents }),
      `${plural(agents, "agent")} added to ${queue.name}`);
  };
  return element("li", { class: "card" },
    element("div", { class: "line" }, element("span", { class: "kind" }, "Queue"), element("strong", {}), element("span", { class: "state" })),
    element("p", { class: "agents" }), element("p", { class: "waiting" }),
    element("form", { class: "inline", onsubmit: submit }, count,
      element("button", { type: "submit" }, "Add agents", element("span", { class: "hidden" }, ` to ${queue.name}`))),
    problem);
}

function fillQueue(item, queue) {
  const [line, agents, waiting] = item.children;
  setText(line.children[1], queue.name);
  const enabled = queue.enabled ? "enabled" : "disabled";
  setText(line.children[2], enabled);
  line.children[2].dataset.state = enabled;
  const parts = ACTIVITIES.filter(([name]) => queue.agents[name]).map(([name, words]) => `${queue.agents[name]} ${words}`);
  setText(agents, parts.length ? `Agents: ${parts.join(", ")}` : "No agents yet");
  setText(waiting, waitingText(queue.waiting, "for an agent"));
  waiting.hidden = queue.waiting === 0;
}

function waitingText(count, wait) {
  return `${plural(count, "contact")} ${count === 1 ? "waits" : "wait"} ${wait ?? ""}`.trim();
}

// Campaigns

function makeCampaign(campaign) {
  const problem = element("p", { class: "problem", role: "alert", hidden: true });
  const buttons = ["start", "pause", "resume", "stop"].map((verb) => element(
    "button", { type: "button", "data-verb": verb, onclick: () => command(campaign, verb, problem) },
    verb[0].toUpperCase() + verb.slice(1), element("span", { class: "hidden" }, ` ${campaign.name}`)));
  return element("li", { class: "card" },
    element("div", { class: "line" }, element("span", { class: "kind" }, "Campaign"), element("strong", {}), element("span", { class: "state" })),
    element("p", { class: "agents" }), element("p", { class: "waiting" }), element("div", { class: "buttons" }, ...buttons), problem);
}

function command(campaign, verb, problem) {
  return attempt(problem, () => post(`campaigns/${encodeURIComponent(campaign.id)}/${verb}`), `${campaign.name}: ${verb}`);
}

function fillCampaign(item, campaign) {
  const [line, facts, waiting, buttons] = item.children;
  setText(line.children[1], campaign.name);
  setText(line.children[2], campaign.state);
  line.children[2].dataset.state = campaign.state;
  setText(facts, [campaign.mode, campaign.queue ? `for ${campaign.queue.name}` : null].filter(Boolean).join(", "));
  setText(waiting, waitingText(campaign.waiting, campaign.wait));
  waiting.hidden = campaign.waiting === 0;
  const possible = VERBS[campaign.state] ?? [];
  const focused = document.activeElement;
  for (const button of buttons.children) button.hidden = !possible.includes(button.dataset.verb);
  // The pressed button may be hidden now, and the focus of the keyboard stays in the card.
  if (buttons.contains(focused) && focused.hidden) [...buttons.children].find((button) => !button.hidden)?.focus();
}

// Faults

function showFaults({ faults, rates }) {
  const items = [
    ...faults.map((fault, index) => ({ key: `fault ${index}`, text: shortPlan(fault.plan), state: stateOf(fault) })),
    ...rates.map((plan) => ({ key: `rate ${plan}`, text: shortPlan(plan), state: "limits" })),
  ];
  byId("no-faults").hidden = items.length > 0;
  keyed(byId("faults"), items, (fault) => fault.key, makeFault, fillFault);
}

function shortPlan(plan) {
  return plan.replace(/^connect_mock\./, "");
}

function stateOf({ left, fired }) {
  const count = fired === 1 ? "fired once" : `fired ${fired} times`;
  if (left === 0) return `${count}, over`;
  const rest = left === null ? "every time" : `${left} left`;
  return fired ? `${count}, ${rest}` : `planned, ${rest}`;
}

function makeFault() {
  return element("li", { class: "fault" }, element("code", {}), element("span", { class: "state" }));
}

function fillFault(item, fault) {
  setText(item.children[0], fault.text);
  setText(item.children[1], fault.state);
  item.children[1].dataset.state = fault.state.endsWith("over") ? "over" : fault.state.startsWith("fired") ? "fired" : "planned";
}

function showProblems(sentences) {
  byId("problems").hidden = sentences.length === 0;
  keyed(byId("problem-list"), sentences.map((text, index) => ({ text, index })), (problem) => problem.index,
    () => element("li", { class: "problem" }), (item, { text }) => setText(item, text));
}

// Planning

function number(id) {
  const { value } = byId(id);
  return value === "" ? null : Number(value);
}

function fault() {
  const kind = byId("fault-kind").value;
  const operation = byId("fault-operation").value.trim();
  const times = number("fault-times");
  if (kind === "reject_contacts") return { reason: byId("fault-reason").value, times, when: itemsWith() };
  if (kind === "reject_requests") return { code: byId("fault-code").value, times, when: itemsWith() };
  if (kind === "limit_rate") {
    return { operation, per_second: number("fault-per-second"), burst: number("fault-burst") };
  }
  if (kind === "delay") return { operation, seconds: number("fault-seconds"), times };
  if (kind !== "fail") return { operation, times };
  const error = byId("fault-error").value.trim();
  return { operation, times, error: /^[0-9]+$/.test(error) ? Number(error) : error };
}

function itemsWith() {
  const when = byId("fault-when").value.trim();
  return when === "" ? null : JSON.parse(when);
}

// The lists to choose from: the models of the services decide what they hold.
async function offerChoices() {
  const choices = await read("fault_choices");
  const fill = (id, names) => byId(id).replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  const offerErrors = () => {
    const modeled = choices.operations[byId("fault-operation").value.trim()] ?? [];
    fill("errors", [...new Set([...modeled, ...choices.common_errors, ...STATUSES])]);
  };
  fill("operations", Object.keys(choices.operations));
  fill("fault-reason", choices.reasons);
  fill("fault-code", choices.codes);
  byId("fault-reason").value = "REQUEST_THROTTLED";
  byId("fault-code").value = "RequestThrottled";
  byId("fault-operation").addEventListener("input", offerErrors);
  offerErrors();
}

export function listenToForms() {
  offerChoices().catch(() => {});
  const kind = byId("fault-kind");
  const choose = () => {
    for (const field of document.querySelectorAll("#plan [data-for]")) {
      field.hidden = !field.dataset.for.split(" ").includes(kind.value);
    }
  };
  kind.addEventListener("input", choose);
  choose();
  byId("plan").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(byId("fault-problem"), async () => post(kind.value, fault()), "Fault planned");
  });
  byId("on-dial").addEventListener("submit", (event) => {
    event.preventDefault();
    const outcome = byId("outcome");
    attempt(byId("dial-problem"), () => post("on_dial", { policy: JSON.parse(outcome.value) }),
      `From now on, ${outcome.selectedOptions[0].textContent}`);
  });
}
