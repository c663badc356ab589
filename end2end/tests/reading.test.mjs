// Tolvan reads her post: the main way through the house, with and without JavaScript.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { house, people, send } from "../support/house.mjs";
import { close, fill, letters, login, logout, openLetter, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

for (const way of ways) {
  describe(`reading ${way.called}`, () => {
    let person;
    const subject = `Bygglov för altan (${way.called})`;
    const attachment = path.join(house.home, `ritning-${way.script}.pdf`);

    before(async () => {
      writeFileSync(attachment, `%PDF-1.4\n% en ritning ${way.called}\n%%EOF\n`);
      await send({ subject, text: "Hej Tolvan!\nDin altan får byggas.", attach: [attachment] });
      person = await visitor(way);
      await login(person.page, people.tolvan);
    });
    after(() => person?.done());

    test("logging in leads to the inbox, newest letter first", async () => {
      const { page } = person;
      assert.equal(new URL(page.url()).pathname, "/inkorg");
      await page.getByRole("heading", { level: 1, name: sv.inbox.title }).waitFor();
      const rows = page.locator('main a[href^="/brev/"]');
      assert.match(await rows.first().innerText(), /Bygglov för altan/);
      assert.match(await page.locator("main").innerText(), /Oläst/);
    });

    test("a letter shows its text, who signed it and its attachment", async () => {
      const { page } = person;
      await openLetter(page, subject);
      await page.frameLocator("iframe").getByText(/Din altan får byggas/).first().waitFor();
      await page.getByText(fill(sv.letter.sealed, { who: "Kommun A" })).first().waitFor();
      await page.getByRole("link", { name: new RegExp(path.basename(attachment)) }).first().waitFor();
      await shot(page, `letter-${way.script ? "script" : "plain"}`);
    });

    test("an attachment is downloaded as it was sent", async () => {
      const { page } = person;
      const link = page.getByRole("link", { name: new RegExp(`${sv.letter.download}.*${path.basename(attachment)}`) });
      const [download] = await Promise.all([page.waitForEvent("download"), link.first().click()]);
      assert.equal(download.suggestedFilename(), path.basename(attachment));
      assert.deepEqual(readFileSync(await download.path()), readFileSync(attachment));
    });

    test("an opened letter is read, and can be marked unread again", async () => {
      const { page } = person;
      await page.goto("/inkorg");
      const row = page.locator(".letter-row", { hasText: subject }).first();
      assert.doesNotMatch(await row.innerText(), /Oläst/);
      await openLetter(page, subject);
      await page.getByRole("button", { name: sv.letter.mark_unread }).click();
      await page.waitForURL(/\/inkorg/);
      assert.match(await page.locator(".letter-row", { hasText: subject }).first().innerText(), /Oläst/);
    });

    test("the reading stands in the access log", async () => {
      const { page } = person;
      await page.goto("/inkorg");
      // The menu of a phone has one too, which is not shown here.
      await page.locator("a:visible", { hasText: sv.door.access_log }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.access.title }).waitFor();
      const told = await page.locator("main").innerText();
      assert.match(told, new RegExp(sv.access.opened));
      assert.match(told, new RegExp(sv.access.fetched));
      assert.match(told, /Bygglov för altan/);
    });

    test("a letter that is sent now arrives now", async () => {
      const { page } = person;
      const fresh = `Nytt brev ${way.called}`;
      const told = await send({ subject: fresh });
      assert.match(told, /[0-9a-f]{8}-/, "the TransId is printed");
      await page.goto("/inkorg");
      await page.getByRole("link", { name: fresh }).first().waitFor();
    });

    test("nobody who is logged out sees anything", async () => {
      const { page } = person;
      await page.goto("/inkorg");
      const [first] = await letters(page);
      await logout(page);
      for (const address of ["/inkorg", first, `${first}/text`, "/installningar"]) {
        const answer = await page.goto(address);
        assert.doesNotMatch(await page.content(), /Bygglov|Tolvan/, `${address} after logout`);
        assert.notEqual(new URL(page.url()).pathname, "/inkorg");
        assert.ok(answer.status() < 500, `${address}: ${answer.status()}`);
      }
    });

    test("the browser had nothing to complain of", () => {
      assert.deepEqual(person.wrongs.filter((wrong) => !/favicon|404|401|403/.test(wrong)), []);
    });
  });
}

test("a subject that is written as markup stays words, in the title too", async () => {
  const subject = '</title><b id=pwn>x</b><meta http-equiv=refresh content="0;url=/om">';
  await send({ subject, text: "Titta på rubriken." });
  const { page, done } = await visitor();
  await login(page, people.tolvan);
  await page.getByRole("link", { name: subject, exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: subject, exact: true }).waitFor();
  const letter = new URL(page.url()).pathname;
  for (const address of [letter, `${letter}/utskrift`]) {
    await page.goto(address);
    await page.waitForTimeout(300);
    assert.equal(new URL(page.url()).pathname, address, "nobody is led elsewhere");
    assert.equal(await page.locator("#pwn").count(), 0);
    assert.ok((await page.title()).includes("</title><b id=pwn>"), await page.title());
  }
  await done();
});
