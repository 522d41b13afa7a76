// A part of a page drawn from markup. A new drawing changes only what differs, so focus, scrolling, hover and
// open dialogs survive live updates. Whatever carries `data-action` reports to the server what people do with it.

const TYPING_MS = 150;

export default {
  template: '<div class="pg-region"></div>',
  props: { html: String, address: String },
  emits: ["act"],
  mounted() {
    const root = this.$el;
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("dblclick", (event) => event.target.closest("[data-submits]")?.closest("form")?.requestSubmit());
    root.addEventListener("submit", (event) => this.submit(event));
    root.addEventListener("input", (event) => this.input(event));
    root.addEventListener("change", (event) => this.change(event));
    root.addEventListener("toggle", placeMenu, true);
    root.addEventListener("keydown", walk);
    this.keys = (event) => searchKey(event, root);
    addEventListener("keydown", this.keys);
    this.clock = setInterval(() => tellTime(root), 1000);
    this.draw();
  },
  beforeUnmount() {
    removeEventListener("keydown", this.keys);
    clearInterval(this.clock);
  },
  watch: {
    html() { this.draw(); },
    address() { this.note(); },
  },
  methods: {
    draw() {
      const template = document.createElement("template");
      template.innerHTML = this.html;
      morph(this.$el, template.content);
      tellTime(this.$el);
      markChoices(this.$el);
      this.note();
    },
    note() {
      if (this.address && this.address !== location.pathname + location.search) history.replaceState(history.state, "", this.address);
    },
    click(event) {
      const target = event.target.closest("[data-opens],[data-closes],[data-copy],[data-keeps],[data-menu],[data-action]");
      if (!target) return;
      if (target.dataset.opens) return openDialog(target.dataset.opens);
      if ("closes" in target.dataset) return target.closest("dialog")?.close();
      if (target.dataset.copy !== undefined) return copy(target);
      if (target.dataset.keeps) return keep(target, this.$el);
      if (!target.dataset.action || target.matches("form, input, select, textarea")) return;
      if (target.matches("a") && (event.ctrlKey || event.metaKey || event.shiftKey || event.button)) return;
      event.preventDefault();
      target.closest("[popover]")?.hidePopover();
      this.tell(target.dataset.action, target.dataset.value);
    },
    input(event) {
      const target = event.target;
      if (!target.matches("input[type=search][data-action]")) return;
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.tell(target.dataset.action, target.value), TYPING_MS);
    },
    change(event) {
      const target = event.target;
      if (target.matches("input[type=file][data-into]")) return readInto(target);
      if (target.matches("input[type=radio][data-fills]")) return fillName(target);
      if (target.matches("select[data-action]")) this.tell(target.dataset.action, target.value);
    },
    async submit(event) {
      const form = event.target;
      if (!form.dataset.action) return;
      event.preventDefault();
      const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
      if (form.dataset.post) return this.post(form, fields);
      form.closest("dialog")?.close();
      this.tell(form.dataset.action, form.dataset.value, fields);
    },
    /** Sends a text too long for the page's own channel; the server hears only what came of it. */
    async post(form, fields) {
      form.setAttribute("aria-busy", "true");
      const answer = await fetch(form.dataset.post, { method: "POST", headers: { "Content-Type": "application/json" }, body: fields.text ?? "" }).catch(() => null);
      form.removeAttribute("aria-busy");
      const body = await answer?.json().catch(() => null);
      if (answer?.ok) return this.tell(form.dataset.action, body.id);
      form.closest("dialog")?.close();
      const refused = { error: body?.error ?? { message: "The server cannot be reached.", remedy: "Check that the designer is running." }, diagnostics: (body?.diagnostics ?? []).slice(0, 50) };
      this.tell(`${form.dataset.action}_refused`, JSON.stringify(refused));
    },
    tell(action, value = "", fields = {}) {
      this.$emit("act", { action, value, fields });
    },
  },
};

/** Makes the children of `from` those of `to`, keeping every element that stays the same. */
function morph(from, to) {
  const keyed = new Map([...from.children].filter((child) => child.dataset?.key).map((child) => [child.dataset.key, child]));
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = wanted.dataset?.key;
    const match = key ? keyed.get(key) : at?.dataset?.key ? null : at;
    if (match && match.nodeName === wanted.nodeName && match.id === wanted.id) {
      if (match !== at) from.insertBefore(match, at);
      become(match, wanted);
      at = match.nextSibling;
    } else {
      from.insertBefore(wanted, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function become(element, wanted) {
  if (element.nodeType !== Node.ELEMENT_NODE) {
    if (element.nodeValue !== wanted.nodeValue) element.nodeValue = wanted.nodeValue;
    return;
  }
  const own = element.matches("dialog, details") ? "open" : element.matches("[popover]") ? "style" : "";
  for (const { name } of [...element.attributes]) if (!wanted.hasAttribute(name) && name !== own) element.removeAttribute(name);
  for (const { name, value } of [...wanted.attributes]) {
    if (element.getAttribute(name) === value) continue;
    if (name === own) continue;
    element.setAttribute(name, value);
    if (name === "value" && element.matches("input")) element.value = value;
  }
  if (element.matches("textarea")) element.defaultValue = wanted.defaultValue;
  else morph(element, wanted);
  if (element.matches("select") && element !== document.activeElement) element.value = wanted.value;
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog) return;
  dialog.querySelector("form:not([data-post])")?.reset();
  dialog.showModal();
  dialog.querySelector("[autofocus]")?.select?.();
}

function copy(target) {
  navigator.clipboard?.writeText(target.dataset.copy);
  const label = target.querySelector("[data-label]") ?? target;
  const before = label.textContent;
  label.textContent = "Copied";
  setTimeout(() => (label.textContent = before), 1500);
}

/** A choice that belongs to this browser: the theme, what the wheel does. */
function keep(target, root) {
  const { keeps, value = "" } = target.dataset;
  if (keeps === "designer.theme") globalThis.designerTheme.choose(value || next(globalThis.designerTheme.choice()));
  else localStorage.setItem(keeps, value);
  markChoices(root);
}

function next(choice) {
  return { auto: "light", light: "dark", dark: "auto" }[choice];
}

function markChoices(root) {
  for (const button of root.querySelectorAll("[data-keeps]")) {
    const kept = localStorage.getItem(button.dataset.keeps) ?? "auto";
    if (button.dataset.value) {
      button.setAttribute("aria-checked", String(button.dataset.value === kept));
    } else {
      const words = { auto: ["brightness_auto", "Theme: as the system"], light: ["light_mode", "Theme: light"], dark: ["dark_mode", "Theme: dark"] }[kept];
      if (!words) continue;
      button.firstElementChild.textContent = words[0];
      button.title = words[1];
      button.setAttribute("aria-label", words[1]);
    }
  }
}

/** Puts a menu under the button that opened it, or above where there is no room. */
function placeMenu(event) {
  const menu = event.target;
  if (!menu.matches?.("[popover]") || event.newState !== "open") return;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`)?.getBoundingClientRect();
  if (!opener) return;
  const { width, height } = menu.getBoundingClientRect();
  const below = opener.bottom + 4;
  menu.style.left = `${Math.max(8, Math.min(opener.right - width, innerWidth - width - 8))}px`;
  menu.style.top = `${below + height > innerHeight - 8 ? Math.max(8, opener.top - height - 4) : below}px`;
  menu.querySelector("a, button")?.focus();
}

/** Up and Down go from row to row in a list, and through a menu. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const list = step && event.target.closest("[popover], [data-walk]");
  if (!list || event.target.matches("input, select, textarea")) return;
  const stops = [...list.querySelectorAll(list.matches("[popover]") ? "a, button" : "[data-stop]")];
  const to = stops[stops.indexOf(event.target) + step];
  if (!to) return;
  event.preventDefault();
  to.focus();
}

function searchKey(event, root) {
  if (event.key === "Escape" && !document.querySelector("dialog[open], :popover-open") && !event.target.matches?.("input, textarea, select")) root.querySelector("[data-escape] button")?.click();
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea, select, [contenteditable]")) return;
  const search = root.querySelector("input[type=search]");
  if (!search) return;
  event.preventDefault();
  search.select();
}

async function readInto(input) {
  const file = input.files[0];
  const area = document.getElementById(input.dataset.into);
  if (file && area) area.value = await file.text();
}

/** A choice brings its name along; a name that a person typed stays. */
function fillName(radio) {
  const field = document.getElementById(radio.dataset.into);
  const offered = [...radio.form.elements].filter((one) => one.name === radio.name).map((one) => one.dataset.fills);
  if (offered.includes(field.value.trim())) field.value = radio.dataset.fills;
}

/** Times as people say them; the exact one is in the tip. */
function tellTime(root) {
  const now = Date.now() / 1000;
  for (const element of root.querySelectorAll("time[data-at]")) {
    const at = Number(element.dataset.at);
    say(element, ago(now - at, new Date(at * 1000)));
    if (!element.title) element.title = new Date(at * 1000).toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" });
  }
  for (const element of root.querySelectorAll("[data-since]")) say(element, clock(now - Number(element.dataset.since)));
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function ago(seconds, date) {
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return date.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
