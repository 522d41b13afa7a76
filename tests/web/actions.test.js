import assert from "node:assert/strict";
import { test } from "node:test";
import { chordOf, keysText } from "../../designer/canvas/web/actions/chords.js";
import { CANVAS_ACTIONS } from "../../designer/canvas/web/actions/index.js";
import { PAGE_ACTIONS } from "../../designer/canvas/web/actions/page.js";
import { ActionRegistry } from "../../designer/canvas/web/actions/registry.js";
import { MENUS } from "../../designer/canvas/web/interaction/context_menu.js";

const press = (key, more = {}) => ({ key, code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
const memory = (items = {}) => ({ items, getItem: (key) => items[key] ?? null, setItem: (key, value) => (items[key] = value), removeItem: (key) => delete items[key] });
const all = (storage = memory()) => new ActionRegistry([...CANVAS_ACTIONS, ...PAGE_ACTIONS], storage);

test("a key press has one name, whatever the layout makes of its modifiers", () => {
  assert.equal(chordOf(press("f")), "F");
  assert.equal(chordOf(press("F", { shiftKey: true })), "Shift+F");
  assert.equal(chordOf(press("ß", { code: "KeyS", altKey: true })), "Alt+S");
  assert.equal(chordOf(press("z", { metaKey: true, shiftKey: true })), "Ctrl+Shift+Z");
  assert.equal(chordOf(press("?", { shiftKey: true })), "?");
  assert.equal(chordOf(press("+", { shiftKey: true })), "Plus");
  assert.equal(chordOf(press(" ")), "Space");
  assert.equal(chordOf(press("Shift", { shiftKey: true })), "");
  assert.equal(keysText("Ctrl+ArrowLeft"), "Ctrl+←");
});

test("every action has an id of its own", () => {
  const ids = [...CANVAS_ACTIONS, ...PAGE_ACTIONS].map(({ id }) => id);
  assert.deepEqual(ids.filter((id, i) => ids.indexOf(id) !== i), []);
});

test("no two actions have the same keys, unless by default they take turns", () => {
  const registry = all();
  for (const { id, keys = [], where } of registry.list()) {
    for (const item of keys) {
      const rivals = registry.rivals(id, item).filter((other) => (other.where ?? "canvas") === (where ?? "canvas"));
      assert.deepEqual(rivals.map((other) => other.id), [], `${id} shares ${item}`);
    }
  }
});

test("every entry of the context menus is an action", () => {
  const registry = all();
  for (const id of Object.values(MENUS).flat()) if (id) assert.ok(registry.get(id).icon, `${id} needs an icon`);
});

test("keys that a person chose replace the default ones, are kept, and go back", () => {
  const storage = memory();
  const registry = all(storage);
  registry.rebind("draw.duplicate", ["Ctrl+J"]);
  assert.deepEqual(all(storage).match("Ctrl+J").actions.map(({ id }) => id), ["draw.duplicate"]);
  assert.deepEqual(all(storage).match("Ctrl+D").actions, []);
  registry.rebind("draw.duplicate", null);
  assert.deepEqual(registry.keysOf("draw.duplicate"), ["Ctrl+D"]);
  assert.deepEqual(storage.items, {});
});

test("keys of another action are told as rivals, also where a sequence begins with them", () => {
  const registry = all();
  assert.deepEqual(registry.rivals("draw.duplicate", "Alt+S").map(({ id }) => id).sort(), ["select.connected", "select.downstream", "select.upstream"]);
  assert.deepEqual(registry.rivals("draw.duplicate", "F2").map(({ id }) => id), ["draw.rename"]);
});

test("a sequence says how it may go on", () => {
  const registry = all();
  assert.equal(registry.match("Alt+S").isPrefix, true);
  assert.deepEqual(registry.continuations("Alt+S").map(({ keys, action }) => [keys, action.id]), [["U", "select.upstream"], ["D", "select.downstream"], ["C", "select.connected"]]);
});

test("what cannot be read of stored keys is left out", () => {
  const registry = all(memory({ "designer.keys": '{"draw.duplicate": 3, "draw.rename": ["F4"]}' }));
  assert.deepEqual(registry.keysOf("draw.duplicate"), ["Ctrl+D"]);
  assert.deepEqual(registry.keysOf("draw.rename"), ["F4"]);
  assert.deepEqual(all(memory({ "designer.keys": "{" })).own, {});
});
