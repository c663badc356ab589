// Where one is logged in, and the language.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import { accessible, close, login, reveal, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

for (const way of ways) {
  describe(`settings ${way.called}`, () => {
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
      await here.page.getByText(sv.sessions.ended_others).waitFor();
      await there.page.goto("/inkorg");
      assert.notEqual(new URL(there.page.url()).pathname, "/inkorg");
      await here.page.goto("/inkorg");
      assert.equal(new URL(here.page.url()).pathname, "/inkorg");
      await Promise.all([here.done(), there.done()]);
    });

    test("lists show the first words of a letter, until one hides them in this browser", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.tolvan);
      const mark = `forsta-orden-${way.script}`;
      await send({ subject: `Kallelse ${mark}`, text: `Kallelse ${mark}\n\nVälkommen till vattkoppsmottagningen. ${"Mycket mer text. ".repeat(30)}` });
      await page.goto("/inkorg");
      const row = page.locator(".letter-row", { hasText: mark });
      const line = row.locator(".row-preview");
      assert.match(await line.innerText(), /^Välkommen till vattkoppsmottagningen/);
      const [height, lineHeight] = await line.evaluate((p) => [p.clientHeight, Number.parseFloat(getComputedStyle(p).lineHeight)]);
      assert.ok(height < lineHeight * 1.5, "one line");
      if (way.script) await accessible(page);
      await page.goto("/installningar/utseende");
      if (way.script) await accessible(page);
      await page.getByRole("button", { name: sv.look.words_hide }).click();
      await page.getByText(sv.look.words_off).waitFor();
      const answer = await page.goto("/inkorg");
      await row.waitFor();
      assert.ok(!(await answer.text()).includes("vattkoppsmottagningen"), "they are not sent at all");
      await page.goto("/installningar/utseende");
      await page.getByRole("button", { name: sv.look.words_show }).click();
      await page.getByText(sv.look.words_on).waitFor();
      await page.goto("/inkorg");
      await line.waitFor();
      await done();
    });

    test("the language is one press away, on every page, and is remembered", async () => {
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
