// What the canvas costs, measured in the page; and the limit: the same picture drawn by nothing
// but fillRect and lineTo, with no culling, no hits, no theme, no elements.

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Resolves after the next frame has been painted. */
export const painted = () =>
  new Promise((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now());
    channel.port2.postMessage(0);
  }));

/** Frame times in ms while `step(t)` runs on every frame, t from 0 to 1. */
export async function frames(step, ms = 2000) {
  const times = [];
  const start = await frame();
  let last = start;
  while (last - start < ms) {
    step((last - start) / ms);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1], p95: times[Math.floor(times.length * 0.95)], count: times.length };
}

const swing = (t) => Math.sin(t * Math.PI * 4);

/** Scenarios over anything that can set a viewport. */
export function scenarios({ viewport, draw, fit }) {
  const pan = (reach) => {
    const { x, y } = viewport;
    return frames((t) => {
      Object.assign(viewport, { x: x + swing(t) * reach, y: y + swing(t * 0.7) * reach * 0.6 });
      draw();
    });
  };
  const centre = () => {
    fit();
    viewport.zoomTo(1);
    draw();
  };
  return {
    async panFit() {
      fit();
      return pan(150);
    },
    async panWork() {
      centre();
      return pan(400); // 1,600 px/s on average: a quick hand
    },
    async zoomSweep() {
      fit();
      const far = viewport.zoom;
      return frames((t) => {
        viewport.zoomTo(far * (1 / far) ** (0.5 - 0.5 * Math.cos(t * Math.PI * 4)));
        draw();
      });
    },
    centre,
  };
}

/** The plain limit over the canvas's own arrays. */
export function createLimit(view) {
  const { scene, viewport } = view;
  const canvas = document.createElement("canvas");
  const ratio = devicePixelRatio || 1;
  Object.assign(canvas, { width: viewport.width * ratio, height: viewport.height * ratio });
  Object.assign(canvas.style, { position: "fixed", inset: "0", width: `${viewport.width}px`, height: `${viewport.height}px`, zIndex: 99 });
  document.body.append(canvas);
  const context = canvas.getContext("2d", { alpha: false });
  const paint = () => {
    const { x, y, zoom } = viewport;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * x, ratio * y);
    context.strokeStyle = "#99a";
    context.lineWidth = Math.max(1, 1 / zoom);
    context.beginPath();
    for (let wire = 0; wire < scene.wireCount; wire++) {
      const { ax, ay, bx, by } = scene.ends(wire);
      context.moveTo(ax, ay);
      context.lineTo(bx, by);
    }
    context.stroke();
    context.fillStyle = "#cde";
    for (const slot of scene.index.values()) context.fillRect(scene.x[slot], scene.y[slot], scene.width[slot], 64);
  };
  return { draw: () => requestAnimationFrame(paint), remove: () => canvas.remove() };
}

/** Every node's state changes at once: ms until it is painted. */
export async function statusOfAll(session) {
  const ids = Object.keys(session.document.nodes);
  const times = [];
  for (const status of ["queued", "completed", "queued", "completed", "queued"]) {
    await painted();
    const start = performance.now();
    session.runs.statuses = new Map(ids.map((step) => [step, { step, status, seconds: 1 }]));
    session.dispatchEvent(new CustomEvent("status", { detail: { steps: ids } }));
    times.push((await painted()) - start);
  }
  return times.sort((a, b) => a - b)[2];
}

/** A live run: 20 states change every 100 ms for two seconds, as push messages do, while a view is used. */
export async function liveRun(session, transport, use = () => frames(() => undefined)) {
  const ids = Object.keys(session.document.nodes);
  let sequence = 0;
  const timer = setInterval(() => {
    const events = Array.from({ length: 20 }, () => {
      const step = ids[(sequence * 7919) % ids.length];
      const status = ["running", "completed", "queued"][sequence++ % 3];
      return { run_id: session.run.id, kind: "step", step, status, data: { seconds: 1 } };
    });
    transport.onMessage({ kind: "run", events });
  }, 100);
  const result = await use();
  clearInterval(timer);
  return result;
}
