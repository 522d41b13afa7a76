// The real merge, in a Python process behind a pipe; the same face as the model has.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const ROOT = new URL("../../..", import.meta.url);

export class MergePipe {
  constructor(python, args = []) {
    this.process = spawn(python, ["-m", "tests.web.interleavings.merge_server", ...args], { stdio: ["pipe", "pipe", "inherit"], cwd: ROOT });
    this.waiting = [];
    createInterface(this.process.stdout).on("line", (line) => this.waiting.shift()(JSON.parse(line)));
    this.revision = 0;
  }

  async start() {
    await this.#ask("new");
    this.revision = (await this.snapshot()).revision;
  }

  async apply(operations, heirOf) {
    const answer = await this.#ask("apply", operations, heirOf);
    this.revision = answer.revision;
    return answer;
  }

  operationsAfter(revision) {
    return this.#ask("after", revision);
  }

  snapshot() {
    return this.#ask("snapshot");
  }

  close() {
    this.process.stdin.end();
  }

  #ask(...request) {
    this.process.stdin.write(JSON.stringify(request) + "\n");
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
