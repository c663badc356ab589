// Whoever takes the database away can read nothing in it, and the log tells nothing about anybody.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, test } from "node:test";
import { house, people, send } from "../support/house.mjs";
import { close, giveAddress, login, openLetter, visitor } from "../support/browser.mjs";

after(close);
// Names of senders are not among them: the public list of all who may send is kept, readable, as Authority gave it.
const secrets = ["Hemlighetsrubrik", "Hemlighetstext", "Hemlighetsbilaga", "Hemlighetspdf", "hemlig@post.example", "Tolvan"];

test("no word of a letter is in the database's files or in the log", async () => {
  const attachment = path.join(house.home, "Hemlighetsbilaga.txt");
  writeFileSync(attachment, "Hemlighetsbilaga");
  const { page, done } = await visitor();
  const pdf = path.join(house.home, "Hemlig.pdf");
  await page.setContent("<p>Hemlighetspdf</p>");
  writeFileSync(pdf, await page.pdf());
  await send({ subject: "Hemlighetsrubrik", text: "Hemlighetstext", attach: [attachment, pdf] });
  await login(page, people.tolvan);
  await giveAddress(page, "hemlig@post.example");
  await openLetter(page, "Hemlighetsrubrik");
  // Only when the words can be found do we know that they have been put into the index.
  for (const word of ["Hemlighetspdf", "Hemlighetstext", "ghetsbil"]) {
    for (let tries = 0; tries < 60; tries += 1) {
      await page.goto(`/sok?q=${word}`);
      if (await page.locator(".hit").count()) break;
      await sleep(250);
    }
    assert.equal(await page.locator(".hit").count(), 1, `${word} is found`);
  }
  await done();
  for (const file of [house.database, `${house.database}-wal`].filter(existsSync)) {
    const raw = readFileSync(file);
    // The index keeps words in small letters.
    for (const secret of [...secrets, ...secrets.map((word) => word.toLowerCase())]) {
      assert.equal(raw.indexOf(secret), -1, `${secret} in ${file}`);
      assert.equal(raw.indexOf(Buffer.from(secret, "utf16le")), -1);
      assert.equal(raw.indexOf(Buffer.from(secret).toString("base64").slice(0, 12)), -1, `base64 of ${secret} in ${file}`);
    }
  }
  const log = readFileSync(path.join(house.logs, "brevlada.log"), "utf8");
  for (const secret of [...secrets, "191212121212", "19121212-1212"]) {
    assert.ok(!log.includes(secret), `the log says ${secret}`);
  }
  assert.ok(log.includes("{"), "the log is there, as JSON");
});
