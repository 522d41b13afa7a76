/**
 * How a person likes the canvas: kept in this browser for all pipelines, shown on the settings page too.
 */

/** Key in the browser's storage, the choices, the first is the default. @type {{[name: string]: {key: string, values: string[]}}} */
const SETTINGS = {
  wheel: { key: "designer.wheel", values: ["auto", "zoom", "pan"] },
  snap: { key: "designer.snap", values: ["on", "off"] },
  minimap: { key: "designer.minimap", values: ["auto", "on", "off"] },
  letters: { key: "designer.letters", values: ["on", "off"] },
  frames: { key: "designer.frames", values: ["auto", "30"] },
};

export class CanvasSettings extends EventTarget {
  constructor() {
    super();
    /** @type {{[name: string]: string}} */
    this.held = {};
    for (const [name, { key, values }] of Object.entries(SETTINGS)) {
      const stored = fromStorage(key);
      this.held[name] = stored && values.includes(stored) ? stored : values[0];
    }
    /** Whether somebody has said what the wheel does. */
    this.isWheelChosen = fromStorage(SETTINGS.wheel.key) !== null;
  }

  get wheel() {
    return this.held.wheel;
  }

  get snaps() {
    return this.held.snap === "on";
  }

  get minimap() {
    return this.held.minimap;
  }

  /** Whether the ports say their type with a letter too. */
  get letters() {
    return this.held.letters === "on";
  }

  /** Least time between two frames, in milliseconds. */
  get frameMs() {
    return this.held.frames === "30" ? 1000 / 30 - 2 : 0;
  }

  /** @param {"wheel" | "snap" | "minimap" | "letters" | "frames"} name @param {string} value */
  set(name, value) {
    this.held[name] = value;
    if (name === "wheel") this.isWheelChosen = true;
    try {
      localStorage.setItem(SETTINGS[name].key, value);
    } catch {
      // A browser that keeps nothing asks again next time.
    }
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {string} key */
function fromStorage(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
