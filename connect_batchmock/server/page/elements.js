// How the page is written: whatever comes from outside gets into it as text, and never as markup.

export const byId = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Lets a parent have one child for each item, in order; those that are there already stay, with what is in them.
export function keyed(parent, items, keyOf, make, update) {
  const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = present.get(key);
    if (child) present.delete(key);
    else {
      child = make(item);
      child.dataset.key = key;
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    update(child, item);
  }
  for (const gone of present.values()) gone.remove();
}

export function options(select, values) {
  const chosen = select.value;
  const wanted = [["", "all"], ...values];
  const shown = [...select.options].map((one) => `${one.value}\n${one.textContent}`).join("\n");
  if (shown === wanted.map((one) => one.join("\n")).join("\n")) return;
  select.replaceChildren(...wanted.map(([value, text]) => element("option", { value }, text)));
  select.value = values.some(([value]) => value === chosen) ? chosen : "";
}

// Says in place what the server refuses; where it does what it is told, says so to those who listen.
export async function attempt(problem, action, done) {
  try {
    const result = await action();
    problem.hidden = true;
    if (done) announce(done);
    return result;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    return undefined;
  }
}

export function announce(text) {
  byId("news").textContent = text;
}

export function time(moment) {
  return moment ? moment.slice(11, 19) : "–";
}

export function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
