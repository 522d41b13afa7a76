// Light and dark: the body class decides; the choice is remembered in this browser.

import { onScopeDispose, ref } from "vue";

const STORAGE_KEY = "designer.theme";
const DARK_CLASS = "body--dark";

/** The theme as a ref that follows the body's class, whoever changes it. */
export function useTheme() {
  const theme = ref(currentTheme());
  onScopeDispose(watchTheme(() => (theme.value = currentTheme())));
  return theme;
}

/**
 * Calls back whenever the theme may have changed.
 *
 * @param {() => void} changed
 * @returns {() => void} ends it
 */
export function watchTheme(changed) {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  return () => observer.disconnect();
}

/** @param {string} theme */
export function isDark(theme) {
  return theme === "dark";
}

/** Changes to the other theme and remembers it. */
export function toggleTheme() {
  const dark = currentTheme() !== "dark";
  localStorage.setItem(STORAGE_KEY, dark ? "dark" : "light");
  applyTheme(dark);
}

/** @param {boolean} dark */
function applyTheme(dark) {
  const quasar = /** @type {any} */ (globalThis).Quasar;
  if (quasar?.Dark) quasar.Dark.set(dark);
  document.body.classList.toggle(DARK_CLASS, dark);
  document.body.classList.toggle("body--light", !dark);
}

/** @returns {"light" | "dark"} */
export function currentTheme() {
  return document.body.classList.contains(DARK_CLASS) ? "dark" : "light";
}
