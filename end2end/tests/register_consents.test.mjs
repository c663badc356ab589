// Consents that Authority tells of: who has one stands in another's mailbox as far as it goes, and the holder sees it.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import {
  accessible, close, fill, login, noSidewaysScroll, openMailbox, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv } = words;
const { karin, nils, johan, love } = people;

/** From the page of others' mailboxes into Karin's inbox. */
async function enter(page) {
  await page.goto("/hos");
  await page.getByRole("heading", { name: sv.helping.register }).waitFor();
  await page.getByRole("link", { name: fill(sv.helping.open_whose, { name: karin.name }) }).click();
  await page.waitForURL(/\/hos\/[0-9a-f]{32}\/inkorg/);
  await page.getByText(fill(sv.helping.at, { name: karin.name })).waitFor();
  await page.getByText(sv.helping.at_register).waitFor();
}

for (const way of ways) {
  describe(`the register's consents, ${way.called}`, () => {
    const subject = `Till Karin enligt registret ${way.script}`;

    test("a holder is told what cannot be shown", async () => {
      const { page, wrongs, done } = await visitor(way);
      await login(page, karin);
      await openMailbox(page);
      await send({ to: karin.number, subject });
      await page.goto("/installningar/ombud");
      await page.getByText(sv.consents.register_text).waitFor();
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("who may read reads, and the holder's mark stays", async () => {
      const { page, wrongs, done } = await visitor(way);
      await login(page, nils);
      await enter(page);
      await page.getByRole("link", { name: subject }).first().click();
      await page.getByRole("heading", { level: 1, name: subject }).waitFor();
      assert.equal(await page.getByRole("button", { name: sv.sort.archive }).count(), 0, "who reads has nothing to press");
      const there = new URL(page.url()).pathname.match(/^\/hos\/[0-9a-f]{32}/)[0];
      for (const address of ["/installningar", "/vem-har-last", "/installningar/ombud"]) {
        assert.equal((await page.request.get(`${there}${address}`)).status(), 404, address);
      }
      await page.goto("/hos");
      if (way.script) await accessible(page, "others' mailboxes, by the register");
      await shot(page, `register-consents-${way.script}`);
      assert.deepEqual(wrongs, []);
      await done();

      const her = await visitor(way);
      await login(her.page, karin);
      await her.page.goto("/inkorg");
      const row = her.page.locator(".letter-row", { hasText: subject }).first();
      assert.match(await row.getAttribute("class"), /is-unread/, "it is unread for her still");
      await her.page.goto("/vem-har-last");
      await her.page.getByRole("row", { name: new RegExp(nils.name) }).first().waitFor();
      await her.done();
    });

    test("who may manage manages", async () => {
      const { page, wrongs, done } = await visitor(way);
      await login(page, johan);
      await enter(page);
      await page.getByRole("link", { name: subject }).first().click();
      await page.getByRole("heading", { level: 1, name: subject }).waitFor();
      assert.ok((await page.getByRole("button", { name: sv.sort.archive }).count()) > 0);
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("a consent that cannot be kept lets in nobody, and it is said", async () => {
      const { page, wrongs, done } = await visitor({ ...way, width: 320, height: 640 });
      await login(page, love);
      await page.goto("/hos");
      await page.getByText(sv.helping.register_narrower).waitFor();
      assert.equal(await page.getByRole("link", { name: fill(sv.helping.open_whose, { name: karin.name }) }).count(), 0);
      await noSidewaysScroll(page, "others' mailboxes, by the register");
      assert.deepEqual(wrongs, []);
      await done();
    });
  });
}
