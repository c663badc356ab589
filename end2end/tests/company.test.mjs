// A company's mailbox: opened by two of three, each in their own browser; entered by the third from their own mailbox; ended by two.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import {
  accessible, close, fill, login, noSidewaysScroll, openMailbox, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv } = words;
const { sara, tor, ulf } = people;
const udden = { number: "167696999999", name: "Bostadsrättsföreningen Udden" };
const page_of = `/foretag/${udden.number}`;

/** Reads and signs what waits, or what nobody has signed yet. */
async function sign(page, verb) {
  await page.getByLabel(sv.companies.have_read).check();
  await page.getByRole("button", { name: verb, exact: true }).click();
}

for (const way of ways) {
  describe(`a company, ${way.called}`, () => {
    const hers = {}, his = {}, third = {};
    before(async () => {
      for (const browser of [hers, his, third]) Object.assign(browser, await visitor(way));
      await login(hers.page, sara);
      await login(third.page, ulf);
      await openMailbox(third.page);
    });
    after(() => Promise.all([hers.done(), his.done(), third.done()]));

    test("is signed for by one, waits, and is opened by another", async () => {
      const { page } = hers;
      await page.goto("/foretag");
      await page.getByText(udden.name).first().waitFor();
      if (way.script) await accessible(page);
      await noSidewaysScroll(page);
      await page.getByLabel(sv.companies.number).fill("769699-9999");
      await page.getByRole("button", { name: sv.companies.go_on }).click();
      await page.getByRole("heading", { level: 1, name: udden.name }).waitFor();
      await shot(page, "company");
      await sign(page, sv.companies.sign_opening);
      await page.getByText(sv.companies.waits_for_others).waitFor();
      if (way.script) await accessible(page);
      await noSidewaysScroll(page);
      await shot(page, "company-waits");

      await login(his.page, tor);
      await his.page.goto("/foretag");
      await his.page.getByText(sv.companies.waits_for_you).first().waitFor();
      await his.page.getByRole("link", { name: `${sv.companies.signatures}: ${udden.name}` }).click();
      await his.page.getByText(fill(sv.companies.signed_by, { names: sara.name })).waitFor();
      await sign(his.page, sv.companies.sign_opening);
      await his.page.waitForURL(/\/hos\/[0-9a-f]{32}\/inkorg/);
      await his.page.getByText(fill(sv.helping.at, { name: udden.name })).waitFor();
      if (way.script) await accessible(his.page);
    });

    test("is read by a third, who goes there from their own mailbox and back", async () => {
      const subject = `Till föreningen ${way.script}`;
      await send({ to: udden.number, subject });
      const { page } = third;
      await page.goto("/inkorg");
      await page.locator("details.who > summary").click();
      await shot(page, "switch");
      await page.locator(".menu-mailboxes").getByRole("link", { name: udden.name }).click();
      await page.waitForURL(/\/hos\/[0-9a-f]{32}\/inkorg/);
      await page.getByRole("link", { name: subject }).first().click();
      await page.getByRole("heading", { level: 1, name: subject }).waitFor();
      await page.getByText(sv.companies.at_signatory).waitFor();
      const own = await third.context.newPage();
      await own.goto("/inkorg");
      assert.equal(await own.getByRole("link", { name: subject }).count(), 0, "two windows do not mix");
      await own.close();
      await page.getByRole("link", { name: sv.helping.home, exact: true }).click();
      await page.waitForURL(/\/inkorg$/);
    });

    test("is ended by two together", async () => {
      const { page } = his;
      const there = new URL(page.url()).pathname.match(/^\/hos\/[0-9a-f]{32}/)[0];
      await page.goto(`${there}/installningar/brevlada/avsluta`);
      await page.getByText(fill(sv.companies.sign_for, { company: udden.name, number: "769699-9999" })).waitFor();
      await page.getByLabel(sv.ending.understand).check();
      await page.getByRole("button", { name: sv.ending.verb, exact: true }).click();
      await page.getByText(sv.companies.counted_text).waitFor();
      await hers.page.goto(page_of);
      await sign(hers.page, sv.companies.sign_ending);
      await hers.page.getByText(sv.companies.done).waitFor();
      await page.goto(`${there}/inkorg`);
      await page.getByText(/Du har avslutat brevlådan/).waitFor();
      assert.deepEqual([...hers.wrongs, ...his.wrongs, ...third.wrongs], []);
    });
  });
}
