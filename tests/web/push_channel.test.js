import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { openPushChannel } from "../../designer/canvas/web/push_channel.js";

const opened = [];
class FakeSocket {
  static OPEN = 1;

  constructor() {
    this.readyState = FakeSocket.OPEN;
    this.sent = [];
    opened.push(this);
  }

  send(text) {
    this.sent.push(text);
  }

  /** As in a browser, a closing handshake on a dead line takes its time: nothing is told at once. */
  close() {
    this.readyState = 3;
  }
}

const page = new EventTarget();
Object.assign(globalThis, {
  WebSocket: FakeSocket,
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
});

let told;
function open() {
  told = { messages: [], closed: 0 };
  return openPushChannel(new URL("ws://here/push"), { onMessage: (message) => told.messages.push(message), onClose: () => (told.closed += 1) });
}

beforeEach(() => {
  opened.length = 0;
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("a network that is gone is noticed at once, and one channel is opened when it is back", () => {
  const channel = open();
  const [first] = opened;
  page.dispatchEvent(new Event("offline"));
  assert.equal(told.closed, 1);
  page.dispatchEvent(new Event("online"));
  first.onclose();
  mock.timers.tick(5000);
  assert.equal(opened.length, 2, "the late end of the first one opens no third");
  first.onmessage({ data: '{"kind": "late"}' });
  opened[1].onmessage({ data: '{"kind": "hello"}' });
  assert.deepEqual(told.messages, [{ kind: "hello" }]);
  channel.close();
});

test("a line that is silent is asked, and given up when it does not answer", () => {
  const channel = open();
  const [first] = opened;
  mock.timers.tick(5000);
  assert.deepEqual(first.sent, ["{}"]);
  first.onmessage({ data: "{}" });
  assert.deepEqual(told.messages, []);
  mock.timers.tick(5000);
  mock.timers.tick(2000);
  assert.equal(told.closed, 1);
  mock.timers.tick(200);
  assert.equal(opened.length, 2);
  channel.close();
});

test("a channel that was closed stays closed", () => {
  open().close();
  opened[0].onclose();
  mock.timers.tick(10_000);
  assert.deepEqual([opened.length, told.closed], [1, 0]);
});
