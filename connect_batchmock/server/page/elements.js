// Elements of the page: data from the server becomes text, and never markup.

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

// Gives a parent one child per item, in order; a child of an item that was shown before stays the same element.
export function keyed(parent, items, keyOf, make, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = known.get(key);
    if (child) known.delete(key);
    else {
      child = make(item);
      child.dataset.key = key;
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    update(child, item);
  }
  for (const stale of known.values()) stale.remove();
}

export function options(select, values) {
  const chosen = select.value;
  const wanted = [["", "all"], ...values];
  const shown = [...select.options].map((option) => `${option.value}\n${option.textContent}`).join("\n");
  if (shown === wanted.map((option) => option.join("\n")).join("\n")) return;
  select.replaceChildren(...wanted.map(([value, text]) => element("option", { value }, text)));
  select.value = values.some(([value]) => value === chosen) ? chosen : "";
}

// Runs an action: shows the error of the server beside the form, or announces success to screen readers.
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
