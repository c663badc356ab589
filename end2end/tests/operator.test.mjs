// Where the mailbox is: moved here, moved away by the other operator, ended with its dates, and opened again.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { infrastruktur, people, send } from "../support/house.mjs";
import { accessible, close, login, noSidewaysScroll, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const { sv } = words;
const page_of = "/installningar/brevlada";
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

for (const way of ways) {
  describe(`the mailbox operator, ${way.called}`, () => {
    test("somebody with a mailbox elsewhere moves it here, and away again, and is told so", async () => {
      const who = people.agnes;
      const { page, wrongs, done } = await visitor(way);
      await login(page, who);
      if (new URL(page.url()).pathname !== "/villkor") {
        // The second time she has a mailbox here that takes no letters.
        await page.getByText(/Din brevlåda finns hos Grannpost/).waitFor();
        await page.goto(page_of);
        await page.getByRole("link", { name: sv.operator.back_verb }).click();
      }
      await page.getByRole("heading", { level: 1, name: sv.terms.elsewhere }).waitFor();
      await page.getByText(/Jag flyttar min brevlåda i Mina meddelanden från Grannpost/).waitFor();
      if (way.script) await accessible(page);
      await noSidewaysScroll(page);
      await shot(page, "move-here");
      await page.getByLabel(sv.terms.agree_move).check();
      await press(page, sv.terms.move_verb);
      await page.waitForURL(/\/inkorg/);
      await send({ to: who.number, subject: "Till den nya brevlådan" });
      await page.goto("/inkorg");
      await page.getByRole("link", { name: "Till den nya brevlådan" }).first().waitFor();
      await page.goto(page_of);
      await page.getByRole("heading", { name: sv.operator.here }).waitFor();

      // The other operator takes her over; FaR tells us nothing, and the page asks.
      await infrastruktur("move", "--person", who.number);
      await assert.rejects(send({ to: who.number, subject: "Till Grannpost" }));
      await page.goto(page_of);
      await page.getByRole("heading", { name: /Din brevlåda finns hos Grannpost/ }).waitFor();
      if (way.script) await accessible(page);
      await shot(page, `moved-away-${way.script}`);
      await page.goto("/inkorg");
      await page.getByText(/Nya brev kommer dit/).waitFor();
      await page.getByRole("link", { name: "Till den nya brevlådan" }).first().click();
      await page.getByRole("heading", { name: "Till den nya brevlådan" }).first().waitFor();
      if (way.script) await accessible(page);
      await shot(page, "letter-of-a-mover");
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("a mailbox is ended with its days said beforehand, can be read, and is opened again", async () => {
      const { page, wrongs, done } = await visitor(way);
      await login(page, people.maja);
      if (new URL(page.url()).pathname === "/villkor") {
        await page.getByLabel(sv.terms.agree).check();
        await press(page, sv.terms.open);
        await page.waitForURL(/\/inkorg/);
      }
      await send({ to: people.maja.number, subject: "Före slutet" });
      await page.goto(page_of);
      await page.getByRole("link", { name: sv.operator.leaving_verb }).click();
      await page.getByRole("heading", { level: 1, name: sv.ending.title }).waitFor();
      if (way.script) await accessible(page);
      await noSidewaysScroll(page);
      await shot(page, "ending");
      const day = new Intl.DateTimeFormat("sv-SE", { day: "numeric", month: "long", year: "numeric", timeZone: "Europe/Stockholm" })
        .format(Date.now() + 30 * 86_400_000);
      assert.match((await page.locator("main").innerText()).replaceAll("\u00a0", " "), new RegExp(day));
      await page.getByLabel(sv.ending.understand).check();
      await press(page, sv.ending.verb);
      await page.getByText(sv.operator.ended).waitFor();
      if (way.script) await accessible(page);
      await shot(page, "ended");
      await assert.rejects(send({ to: people.maja.number, subject: "Efter slutet" }));
      await page.goto("/inkorg");
      await page.getByText(/Du har avslutat brevlådan/).waitFor();
      await page.getByRole("link", { name: "Före slutet" }).first().waitFor();
      await shot(page, "inbox-of-an-ended");

      await page.goto(page_of);
      await page.getByRole("link", { name: sv.operator.back_verb }).click();
      await page.getByLabel(sv.terms.agree).check();
      await press(page, sv.terms.open);
      await page.waitForURL(/\/inkorg/);
      await send({ to: people.maja.number, subject: "Öppen igen" });
      await page.goto("/inkorg");
      await page.getByRole("link", { name: "Öppen igen" }).first().waitFor();
      await page.getByRole("link", { name: "Före slutet" }).first().waitFor();
      assert.equal(await page.getByText(/Du har avslutat brevlådan/).count(), 0);
      assert.deepEqual(wrongs, []);
      await done();
    });
  });
}

describe("the pages about the operator", () => {
  test("fit every screen", async () => {
    for (const look of [{ width: 320, height: 640, colours: "dark" }, { blocked: true }]) {
      const { page, done } = await visitor(look);
      await login(page, people.tolvan);
      for (const address of [page_of, `${page_of}/avsluta`]) {
        await page.goto(address);
        await accessible(page, `${address} ${JSON.stringify(look)}`);
        await noSidewaysScroll(page, `${address} ${JSON.stringify(look)}`);
        await shot(page, `${address.replaceAll("/", "-").slice(1)}-${look.width ?? "wide"}`);
      }
      await done();
    }
  });
});
