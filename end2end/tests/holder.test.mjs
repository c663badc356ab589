// Becoming a holder: the terms, FaR's answer, and everybody who is told no in plain words.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import { accessible, close, login, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;
// Nobody else opens theirs: these two have none yet, whichever file ran before.
const newcomer = { false: people.eva, true: people.filip };

for (const way of ways) {
  describe(`first login ${way.called}`, () => {
    test("reads the terms, opens a mailbox, and the first letter comes", async () => {
      const person = newcomer[way.script];
      const { page, done } = await visitor(way);
      await login(page, person);
      await page.getByRole("heading", { name: sv.terms.heading }).waitFor();
      assert.match(await page.locator("main").innerText(), new RegExp(person.name));
      if (way.script) await accessible(page);
      await shot(page, "terms");

      const before = await send({ to: person.number, subject: "För tidigt" }).then(() => "", (error) => error.message);
      assert.notEqual(before, "", "nobody can send to a person without a mailbox");

      await page.getByLabel(sv.terms.agree).check();
      await page.getByRole("button", { name: sv.terms.open, exact: true }).click();
      await page.waitForURL(/\/inkorg/);
      await page.getByText(sv.inbox.empty).first().waitFor();
      if (way.script) await accessible(page);

      await send({ to: person.number, subject: "Välkommen" });
      await page.goto("/inkorg");
      await page.getByRole("link", { name: "Välkommen" }).first().waitFor();
      await done();
    });

    test("does not open a mailbox for one who has not agreed", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.maja);
      const box = page.getByLabel(sv.terms.agree);
      await box.evaluate((element) => element.removeAttribute("required"));
      await page.getByRole("button", { name: sv.terms.open, exact: true }).click();
      await page.getByText(sv.terms.not_agreed_text, { exact: true }).first().waitFor();
      await done();
    });

    for (const [who, heading] of [
      ["agnes", sv.terms.elsewhere], ["cecilia", sv.terms.protected],
    ]) {
      test(`says plainly why ${who} cannot have one`, async () => {
        const { page, done } = await visitor(way);
        await login(page, people[who]);
        const agree = page.getByLabel(sv.terms.agree);
        if (await agree.isVisible().catch(() => false)) {
          await agree.check();
          await page.getByRole("button", { name: sv.terms.open, exact: true }).click();
        }
        await page.getByRole("heading", { name: heading }).waitFor();
        if (way.script) await accessible(page);
        await done();
      });
    }

    test("says plainly that one must be 18", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.david);
      await page.getByRole("heading", { name: sv.terms.too_young }).waitFor();
      await done();
    });
  });
}
