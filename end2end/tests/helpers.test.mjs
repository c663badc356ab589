// One person lets another into her mailbox: asked, answered, read, managed, ended; with several windows open at once.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import {
  accessible, close, fill, login, noSidewaysScroll, openMailbox, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv } = words;
const { marta, oskar } = people;

/** Märta asks Oskar to help her. */
async function ask(page, { manage = false, old = false, only } = {}) {
  await page.goto("/installningar/ombud");
  await page.getByLabel(sv.consents.number).fill(oskar.number);
  if (manage) await page.getByLabel(sv.consents.manage).check();
  if (old) await page.getByLabel(sv.consents.all_letters).check();
  if (only) {
    await page.getByLabel(sv.consents.from_some).check();
    await page.getByText(sv.consents.choose).first().click();
    await page.getByLabel(only).check();
  }
  await page.getByRole("button", { name: sv.consents.offer, exact: true }).click();
  await page.getByText(sv.consents.offered).waitFor();
}

/** Oskar says yes, and stands in her inbox. */
async function enter(page) {
  await page.goto("/hos");
  await page.getByRole("button", { name: `${sv.askers.yes}: ${marta.name}` }).click();
  await page.getByText(sv.helping.said_yes).waitFor();
  await page.getByRole("link", { name: fill(sv.helping.open_whose, { name: marta.name }) }).click();
  await page.waitForURL(/\/hos\/[0-9a-f]{32}\/inkorg/);
}

/** Märta ends it. */
async function end(page) {
  await page.goto("/installningar/ombud");
  await page.getByRole("button", { name: `${sv.consents.end}: ${oskar.name}` }).click();
  await page.getByText(sv.consents.ended).waitFor();
}

for (const way of ways) {
  describe(`a helper, ${way.called}`, () => {
    const her = {}, his = {};
    before(async () => {
      Object.assign(her, await visitor(way));
      Object.assign(his, await visitor(way));
      await login(her.page, marta);
      await openMailbox(her.page);
      await login(his.page, oskar);
      await openMailbox(his.page);
      await send({ to: marta.number, subject: `Till Märta ${way.script}` });
      await send({ to: oskar.number, subject: `Till Oskar ${way.script}` });
    });
    after(() => Promise.all([her.done(), his.done()]));

    test("is asked, says yes, reads, and leaves the mark as it is", async () => {
      await ask(her.page, { old: true });
      await his.page.goto("/inkorg");
      await his.page.getByText(sv.helping.one_asks).waitFor();
      await enter(his.page);
      await his.page.getByText(fill(sv.helping.at, { name: marta.name })).waitFor();
      await his.page.getByRole("link", { name: `Till Märta ${way.script}` }).first().click();
      await his.page.waitForURL(/\/hos\/[0-9a-f]{32}\/brev\//);
      await his.page.getByRole("heading", { level: 1, name: `Till Märta ${way.script}` }).waitFor();
      assert.equal(await his.page.getByRole("button", { name: sv.sort.archive }).count(), 0, "who reads has nothing to press");
      await her.page.goto("/inkorg");
      const row = her.page.locator(".letter-row", { hasText: `Till Märta ${way.script}` }).first();
      assert.match(await row.getAttribute("class"), /is-unread/, "it is unread for her still");
      await her.page.goto("/vem-har-last");
      await her.page.getByRole("row", { name: new RegExp(`${oskar.name}.*${sv.access.as_helper}|${oskar.name}`) }).first().waitFor();
    });

    test("in two windows in two mailboxes never mixes them", async () => {
      const there = new URL(his.page.url()).pathname.match(/^\/hos\/[0-9a-f]{32}/)[0];
      const own = await his.context.newPage();
      await own.goto("/inkorg");
      await his.page.goto(`${there}/inkorg`);
      await own.getByRole("link", { name: `Till Oskar ${way.script}` }).first().click();
      await own.waitForURL(/\/brev\//);
      await his.page.getByRole("link", { name: sv.door.search }).first().click();
      await his.page.waitForURL(new RegExp(`${there}/sok`));
      const ownLetter = new URL(own.url()).pathname;
      const answer = await his.page.request.get(`${there}${ownLetter}`);
      assert.equal(answer.status(), 404, "his own letter is not in her mailbox");
      await own.close();
    });

    test("every link and form of her pages stays in her mailbox", async () => {
      const there = new URL(his.page.url()).pathname.match(/^\/hos\/[0-9a-f]{32}/)[0];
      for (const address of ["/inkorg", "/sok?q=M%C3%A4rta", "/arenden", "/betala", "/arkiv", "/papperskorg", "/stjarnor", "/hjalp", "/nyheter"]) {
        await his.page.goto(`${there}${address}`);
        await his.page.getByText(fill(sv.helping.at, { name: marta.name })).waitFor();
        const out = await his.page.evaluate(() =>
          [...document.querySelectorAll("a[href], form[action], button[formaction]")]
            .map((element) => element.getAttribute("href") ?? element.getAttribute("action") ?? element.getAttribute("formaction"))
            .filter((address) => address.startsWith("/") && !address.startsWith("/hos/")));
        assert.deepEqual(out.filter((address) => !["/inkorg", "/hos", "/foretag", "/logga-ut", "/installningar#tangentval"].includes(address)), [], address);
      }
    });

    test("may not go where the right does not reach", async () => {
      const there = new URL(his.page.url()).pathname.match(/^\/hos\/[0-9a-f]{32}/)[0];
      for (const address of ["/installningar", "/installningar/kontakt", "/installningar/ombud", "/vem-har-last", "/installningar/brevlada", "/installningar/export"]) {
        const answer = await his.page.request.get(`${there}${address}`);
        assert.equal(answer.status(), 404, address);
      }
    });

    test("is out at once when she ends it", async () => {
      const there = new URL(his.page.url()).pathname.match(/^\/hos\/[0-9a-f]{32}/)[0];
      await his.page.goto(`${there}/inkorg`);
      await end(her.page);
      await his.page.getByRole("link", { name: `Till Märta ${way.script}` }).first().click();
      await his.page.getByText(sv.helping.over).waitFor();
      await his.page.goto(`${there}/inkorg`);
      await his.page.getByText(sv.helping.over).waitFor();
    });

    test("manages only the letters that are meant", async () => {
      await ask(her.page, { manage: true, only: "Kommun A" });
      await send({ to: marta.number, subject: `Från A ${way.script}` });
      await send({ to: marta.number, subject: `Från B ${way.script}`, sender: "162021003898" });
      await enter(his.page);
      await his.page.getByRole("link", { name: `Från A ${way.script}` }).first().waitFor();
      assert.equal(await his.page.getByRole("link", { name: "Från B" }).count(), 0);
      assert.equal(await his.page.getByRole("link", { name: "Till Märta" }).count(), 0);
      await his.page.getByRole("link", { name: `Från A ${way.script}` }).first().click();
      await his.page.getByRole("button", { name: sv.sort.archive }).first().click();
      await his.page.waitForURL(/\/hos\/[0-9a-f]{32}\/inkorg/);
      assert.equal(await his.page.getByRole("link", { name: `Från A ${way.script}` }).count(), 0, "it lies in the archive");
      await her.page.goto("/arkiv");
      await her.page.getByRole("link", { name: `Från A ${way.script}` }).first().waitFor();
      await end(her.page);
    });

    test("was not asked when the number is none, and it is kept", async () => {
      await her.page.goto("/installningar/ombud");
      await her.page.getByLabel(sv.consents.number).fill("12345");
      await her.page.getByRole("button", { name: sv.consents.offer, exact: true }).click();
      await her.page.getByText(sv.consents.wrong_number).waitFor();
      assert.equal(await her.page.getByLabel(sv.consents.number).inputValue(), "12345");
    });

    test("no page did anything wrong", () => {
      assert.deepEqual([...her.wrongs, ...his.wrongs], []);
    });
  });
}

for (const looks of [{ width: 320, height: 700, colours: "dark" }, { width: 1280, height: 900 }]) {
  test(`helping has room at ${looks.width} pixels`, async () => {
    const [her, his] = [await visitor(looks), await visitor(looks)];
    await login(her.page, marta);
    await login(his.page, oskar);
    await ask(her.page, { old: true });
    const called = `${looks.width}`;
    await shot(her.page, `helpers-given-${called}`);
    await noSidewaysScroll(her.page, `given at ${called}`);
    await accessible(her.page, `given at ${called}`);
    await his.page.goto("/hos");
    await shot(his.page, `helpers-asked-${called}`);
    await noSidewaysScroll(his.page, `asked at ${called}`);
    await accessible(his.page, `asked at ${called}`);
    await enter(his.page);
    await shot(his.page, `helpers-inbox-${called}`);
    await noSidewaysScroll(his.page, `her inbox at ${called}`);
    await accessible(his.page, `her inbox at ${called}`);
    await end(her.page);
    await Promise.all([her.done(), his.done()]);
  });
}
