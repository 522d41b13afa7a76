import assert from "node:assert/strict";
import { test } from "node:test";
import { labelOf, readIncoming } from "../../designer/canvas/web/document/incoming.js";

test("cells from a spreadsheet, comma and semicolon text are tables", () => {
  assert.deepEqual(readIncoming("a\tb\r\n1\t2\r\n"), { kind: "table", format: "TSV", text: "a\tb\n1\t2" });
  assert.deepEqual(readIncoming('name,"x, y"\nann,3'), { kind: "table", format: "CSV", text: 'name,"x, y"\nann,3' });
  assert.deepEqual(readIncoming("a;b\n1,5;2"), { kind: "table", format: "CSV", text: 'a,b\n"1,5",2' });
});

test("prose and single words are no tables", () => {
  for (const text of ["", "hello", "one\ntwo\nthree", "Dear all,\nplease, come, over", "{}", "a,b"]) assert.equal(readIncoming(text), null, text);
});

test("a path or an address of a file that can be read is one", () => {
  assert.deepEqual(readIncoming("/data/sales 2025.csv"), { kind: "file", path: "/data/sales 2025.csv" });
  assert.deepEqual(readIncoming('"C:\\data\\x.parquet"'), { kind: "file", path: "C:\\data\\x.parquet" });
  assert.deepEqual(readIncoming("data/customers.csv"), { kind: "file", path: "data/customers.csv" });
  assert.deepEqual(readIncoming("https://a.org/x.csv?raw=1"), { kind: "url", url: "https://a.org/x.csv?raw=1" });
  for (const text of ["/data/readme.md", "https://a.org/page", "javascript:x.csv", "rm -rf /; x"]) assert.equal(readIncoming(text), null, text);
});

test("a node is called after its file", () => {
  assert.equal(labelOf("/data/sales_2025.csv.gz"), "sales 2025");
  assert.equal(labelOf("C:\\x\\My-File.parquet"), "My File");
});
