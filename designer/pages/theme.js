// Runs before the page is drawn: light, dark, or what the system says; remembered in this browser, shared with the editor.
(() => {
  const KEY = "designer.theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const choice = () => {
    const kept = localStorage.getItem(KEY);
    return kept === "dark" || kept === "light" ? kept : "auto";
  };
  const isDark = () => choice() === "dark" || (choice() === "auto" && system.matches);

  function apply() {
    const dark = isDark();
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    const { classList } = document.body;
    if (classList.contains("body--dark") === dark && classList.contains("body--light") === !dark) return;
    globalThis.Quasar?.Dark?.set(dark);
    classList.toggle("body--dark", dark);
    classList.toggle("body--light", !dark);
  }

  function begin() {
    if (!document.body) return;
    waiting.disconnect();
    apply();
    new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    system.addEventListener("change", apply);
    addEventListener("storage", (event) => event.key === KEY && apply());
  }

  const waiting = new MutationObserver(begin);
  waiting.observe(document.documentElement, { childList: true });
  globalThis.designerTheme = {
    choice,
    choose(value) {
      if (value === "auto") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, value);
      apply();
    },
  };
})();
