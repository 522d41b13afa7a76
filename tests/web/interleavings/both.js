// Model and real merge side by side: every verdict, name and document must be the same.
import assert from "node:assert/strict";

export class Both {
  constructor(model, real) {
    this.model = model;
    this.real = real;
  }

  get revision() {
    return this.real.revision;
  }

  async apply(operations, heirOf) {
    const [expected, answer] = await Promise.all([this.model.apply(structuredClone(operations), heirOf), this.real.apply(operations, heirOf)]);
    assert.deepEqual(answer.results.map(essence), expected.results.map(essence));
    return answer;
  }

  operationsAfter(revision) {
    return this.real.operationsAfter(revision);
  }

  async snapshot() {
    const snapshot = await this.real.snapshot();
    assert.deepEqual(snapshot.graph, this.model.document);
    return snapshot;
  }
}

function essence({ id, status, revision, renamed = {}, conflicts = [] }) {
  return { id, status, revision, renamed, conflicts: conflicts.map(({ path, theirs, yours, client }) => ({ path, theirs, yours, client })) };
}
