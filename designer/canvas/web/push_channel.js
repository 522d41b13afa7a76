/**
 * The channel on which the server tells what changes: opened again whenever it breaks, and taken for
 * broken when a line that should answer is silent.
 *
 * @typedef {{kind: string, [key: string]: any}} PushMessage
 * @typedef {{onMessage: (message: PushMessage) => void, onClose: () => void}} PushHandlers
 */

const RECONNECT_MS = [200, 500, 1000, 2000, 3000];
/** What either end says only to be heard. */
const ALIVE = "{}";
const SILENCE_MS = 5_000;
const ANSWER_MS = 2_000;

/**
 * @param {URL} url
 * @param {PushHandlers} handlers
 */
export function openPushChannel(url, handlers) {
  return new PushChannel(url, handlers);
}

class PushChannel {
  /** @param {URL} url @param {PushHandlers} handlers */
  constructor(url, { onMessage, onClose }) {
    this.url = url;
    this.onMessage = onMessage;
    this.onClose = onClose;
    this.isClosed = false;
    this.failures = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.reconnect = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.silence = undefined;
    this.wake = () => this.socket ?? this.#open();
    this.sleep = () => this.socket && this.#lost(this.socket);
    addEventListener("online", this.wake);
    addEventListener("offline", this.sleep);
    this.#open();
  }

  /** Tells the server something; what cannot be told now is not told later. @param {object} message */
  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  close() {
    this.isClosed = true;
    clearTimeout(this.reconnect);
    clearTimeout(this.silence);
    removeEventListener("online", this.wake);
    removeEventListener("offline", this.sleep);
    this.socket?.close();
  }

  #open() {
    clearTimeout(this.reconnect);
    if (this.isClosed) return;
    const socket = (this.socket = new WebSocket(this.url));
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      this.failures = 0;
      this.#listen(socket);
      if (data !== ALIVE) this.onMessage(JSON.parse(data));
    };
    socket.onclose = () => this.#lost(socket);
    this.#listen(socket);
  }

  /** After a silence the server is asked, and must answer: a line that is cut says nothing. @param {WebSocket} socket */
  #listen(socket) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send(ALIVE);
      this.silence = setTimeout(() => this.#lost(socket), ANSWER_MS);
    }, SILENCE_MS);
  }

  /** @param {WebSocket} socket */
  #lost(socket) {
    if (this.isClosed || this.socket !== socket) return;
    this.socket = null;
    socket.close();
    clearTimeout(this.silence);
    this.onClose();
    const delay = RECONNECT_MS[Math.min(this.failures++, RECONNECT_MS.length - 1)];
    this.reconnect = setTimeout(() => this.#open(), delay);
  }
}
