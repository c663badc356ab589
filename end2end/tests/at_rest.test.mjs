// Whoever takes the database away can read nothing in it, and the log tells nothing about anybody.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { house, people, send } from "../support/house.mjs";
import { close, login, openLetter, visitor } from "../support/browser.mjs";

after(close);
const secrets = ["Hemlighetsrubrik", "Hemlighetstext", "Kommun A", "Hemlighetsbilaga", "tolvan-true@post.example"];

test("no word of a letter is in the database's files or in the log", async () => {
  await send({ subject: "Hemlighetsrubrik", text: "Hemlighetstext" });
  const { page, done } = await visitor();
  await login(page, people.tolvan);
  await openLetter(page, "Hemlighetsrubrik");
  await done();
  for (const file of [house.database, `${house.database}-wal`].filter(existsSync)) {
    const raw = readFileSync(file);
    for (const secret of secrets) {
      assert.equal(raw.indexOf(secret), -1, `${secret} in ${file}`);
      assert.equal(raw.indexOf(Buffer.from(secret, "utf16le")), -1);
      assert.equal(raw.indexOf(Buffer.from(secret).toString("base64").slice(0, 12)), -1, `base64 of ${secret} in ${file}`);
    }
  }
  const log = readFileSync(path.join(house.target, "test/end2end/brevlada.log"), "utf8");
  for (const secret of [...secrets, "191212121212", "19121212-1212", "Tolvan"]) {
    assert.ok(!log.includes(secret), `the log says ${secret}`);
  }
  assert.ok(log.includes("{"), "the log is there, as JSON");
});
