// The e-mail address, its code, the notice, and where one is logged in.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { caught, caughtWhere, people, send } from "../support/house.mjs";
import { accessible, close, giveAddress, login, reveal, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

for (const way of ways) {
  describe(`settings ${way.called}`, () => {
    const address = `tolvan-${way.script}@post.example`;

    test("an address counts when its code has come back, and then a letter is announced", async () => {
      const { page, done, wrongs } = await visitor(way);
      await login(page, people.tolvan);
      await giveAddress(page, address);
      const mail = await caughtWhere((message) => message.to === address);
      const [code] = mail.text.match(/\b\d{6,8}\b/);

      const wrong = String(Number(code) === 111111 ? 222222 : 111111).padStart(code.length, "1");
      await page.getByLabel(sv.settings.field_code).fill(wrong);
      await page.getByRole("button", { name: sv.settings.confirm, exact: true }).click();
      await page.getByText(sv.settings.wrong_code_many.split("{")[0].trim()).first().waitFor();
      if (way.script) await accessible(page);

      await page.getByLabel(sv.settings.field_code).fill(code);
      await page.getByRole("button", { name: sv.settings.confirm, exact: true }).click();
      await page.getByText(sv.settings.now_confirmed).first().waitFor();
      if (way.script) await accessible(page);
      await shot(page, "settings");

      const seen = (await caught()).length;
      await send({ subject: "Hemlig rubrik", text: "Hemligt innehåll" });
      const notice = await caughtWhere((message) => message.to === address && message !== mail && message.at > mail.at
        && !/\b\d{6,8}\b/.test(message.subject));
      assert.ok((await caught()).length > seen);
      for (const secret of ["Hemlig", "Kommun A", "Tolvan Tolvansson", "191212121212"]) {
        assert.ok(!`${notice.subject} ${notice.text} ${notice.html}`.includes(secret), `the notice says ${secret}`);
      }

      await page.goto("/installningar");
      await page.getByRole("link", { name: sv.settings.notices }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.notices.title }).waitFor();
      assert.match(await page.locator("main").innerText(), new RegExp(sv.notices.sent));
      if (way.script) await accessible(page);
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("another place where one is logged in can be ended from here", async () => {
      const [here, there] = await Promise.all([visitor(way), visitor(way)]);
      await login(here.page, people.tolvan);
      await login(there.page, people.tolvan);
      await here.page.goto("/installningar");
      await here.page.getByRole("link", { name: sv.settings.sessions }).first().click();
      await here.page.getByRole("heading", { level: 1, name: sv.sessions.title }).waitFor();
      await here.page.getByText(sv.sessions.this).first().waitFor();
      if (way.script) await accessible(here.page);
      await here.page.getByRole("button", { name: sv.sessions.end_others }).click();
      await here.page.waitForLoadState("load");
      await there.page.goto("/inkorg");
      assert.notEqual(new URL(there.page.url()).pathname, "/inkorg");
      await here.page.goto("/inkorg");
      assert.equal(new URL(here.page.url()).pathname, "/inkorg");
      await Promise.all([here.done(), there.done()]);
    });

    test("the language is one link away, on every page, and is remembered", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.tolvan);
      const other = page.locator("a, button", { hasText: /^English$/ });
      await reveal(page, other);
      await other.first().click();
      await page.getByRole("heading", { level: 1, name: words.en.inbox.title }).waitFor();
      assert.equal(await page.locator("html").getAttribute("lang"), "en");
      if (way.script) await accessible(page);
      await page.goto("/installningar");
      await page.getByRole("heading", { level: 1, name: words.en.settings.title }).waitFor();
      const back = page.locator("a, button", { hasText: /^Svenska$/ });
      await reveal(page, back);
      await back.first().click();
      await page.getByRole("heading", { level: 1, name: sv.settings.title }).waitFor();
      await done();
    });
  });
}
