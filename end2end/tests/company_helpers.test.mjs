// The staff of a company share its mailbox: let in by who signs for it, to administer or to manage; they take letters, note, and are out at once.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import { accessible, close, fill, login, noSidewaysScroll, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const { sv } = words;
const { eva, greta, vera } = people;
const bygg = { number: "165599999033", name: "Ek Bygg AB" };
let there;

/** Somebody who may asks another to be the company's helper. */
async function letIn(page, whom, level, look) {
  await page.goto(`${there}/installningar/ombud`);
  await page.getByText(sv.consents.live_of).waitFor();
  await page.getByLabel(sv.consents.number).fill(whom.number);
  await page.locator(`[name="ombud[far]"][value="${level}"]`).check();
  await page.getByLabel(sv.consents.all_letters).check();
  if (look) {
    await accessible(page, "company helpers");
    await shot(page, "company-helpers");
  }
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: sv.consents.offer, exact: true }).click();
  await page.getByText(sv.consents.offered).waitFor();
}

/** They say yes with an e-legitimation of their own, and stand in the company's inbox. */
async function enter(page, helper) {
  await login(page, helper);
  await page.goto("/hos");
  await page.getByRole("button", { name: `${sv.askers.yes}: ${bygg.name}` }).click();
  await page.getByRole("link", { name: fill(sv.helping.open_whose, { name: bygg.name }) }).click();
  await page.waitForURL(/\/hos\/[0-9a-f]{32}\/inkorg/);
}

async function putOut(page, helper) {
  await page.goto(`${there}/installningar/ombud`);
  await page.getByRole("button", { name: `${sv.consents.end}: ${helper.name}` }).click();
  await page.getByText(sv.consents.ended).waitFor();
}

before(async () => {
  const { page, done } = await visitor();
  await login(page, eva);
  await page.goto(`/foretag/${bygg.number}`);
  await page.getByLabel(sv.companies.have_read).check();
  await page.getByRole("button", { name: sv.companies.sign_opening, exact: true }).click();
  await page.waitForURL(/\/hos\/[0-9a-f]{32}\/inkorg/);
  await page.getByText(fill(sv.inbox.welcome_of, { name: bygg.name })).waitFor();
  there = new URL(page.url()).pathname.match(/^\/hos\/[0-9a-f]{32}/)[0];
  await done();
});

for (const way of ways) {
  describe(`a company's staff, ${way.called}`, () => {
    const signs = {}, administers = {}, manages = {};
    const subject = `Till bygget ${way.script ? "S" : "U"}`;
    before(async () => {
      for (const browser of [signs, administers, manages]) Object.assign(browser, await visitor(way));
      await login(signs.page, eva);
      await send({ to: bygg.number, subject });
    });
    after(() => Promise.all([signs.done(), administers.done(), manages.done()]));
    const open = async (page) => {
      await page.goto(`${there}/inkorg`);
      await page.getByRole("link", { name: subject, exact: true }).first().click();
      await page.getByRole("heading", { level: 1, name: subject }).waitFor();
    };
    const work = (page) => page.locator("#arbete");

    test("who signs lets somebody in to administer, who lets a colleague in to manage", async () => {
      await letIn(signs.page, greta, "administrera", way.script);
      await enter(administers.page, greta);
      await administers.page.getByText(sv.helping.at_administer).waitFor();
      await letIn(administers.page, vera, "skota", false);
      await enter(manages.page, vera);
      await manages.page.getByText(sv.helping.at_manage).waitFor();
      assert.equal((await manages.page.request.get(`${there}/installningar/ombud`)).status(), 404, "who manages lets nobody in");
    });

    test("a letter is given to a colleague, begun and done, with a note", async () => {
      const { page } = administers;
      await open(page);
      await work(page).getByText(sv.handling.nobody).waitFor();
      await work(page).getByLabel(sv.handling.give_to).selectOption({ label: vera.name });
      await work(page).getByRole("button", { name: sv.handling.give, exact: true }).click();
      await work(page).getByText(fill(sv.handling.given, { who: vera.name })).waitFor();
      if (way.script) await accessible(page, "work on a letter");
      await noSidewaysScroll(page);
      await shot(page, `company-work-${way.script}`);

      const hers = manages.page;
      await hers.goto(`${there}/tilldelat`);
      if (way.script) await accessible(hers, "letters taken");
      await noSidewaysScroll(hers);
      await shot(hers, "company-taken");
      await hers.getByRole("link", { name: subject, exact: true }).first().click();
      await work(hers).getByText(sv.handling.given_mine).waitFor();
      await work(hers).getByLabel(sv.handling.write).fill("Ring kommunen först.");
      await work(hers).getByRole("button", { name: sv.handling.keep, exact: true }).click();
      await work(hers).getByText("Ring kommunen först.").waitFor();
      await work(hers).getByRole("button", { name: sv.handling.begin, exact: true }).click();
      await work(hers).getByText(sv.handling.begun_mine).waitFor();
      if (way.script) await accessible(hers, "work with notes");
      await shot(hers, `company-notes-${way.script}`);
    });

    test("nobody changes unseen what another has changed", async () => {
      // His page is from before she began.
      await work(administers.page).getByRole("button", { name: sv.handling.take, exact: true }).click();
      await work(administers.page).getByText(sv.handling.meanwhile).waitFor();
      await work(administers.page).getByText(fill(sv.handling.begun, { who: vera.name })).waitFor();
      await work(administers.page).getByRole("button", { name: sv.handling.done_now, exact: true }).click();
      await work(administers.page).getByText(fill(sv.handling.done, { who: vera.name })).waitFor();
      await manages.page.goto(`${there}/tilldelat`);
      await manages.page.getByText(sv.handling.taken_none, { exact: true }).waitFor();
    });

    test("whoever is put out while reading is out at once", async () => {
      await open(manages.page);
      await putOut(administers.page, vera);
      await manages.page.getByRole("link", { name: sv.inbox.title }).first().click();
      await manages.page.getByText(sv.helping.over).waitFor();
      assert.doesNotMatch(await manages.page.content(), new RegExp(subject));
      await putOut(signs.page, greta);
      await administers.page.goto(`${there}/installningar/ombud`);
      await administers.page.getByText(sv.helping.over).waitFor();
    });

    test("no page did anything wrong", () => {
      assert.deepEqual([...signs.wrongs, ...administers.wrongs, ...manages.wrongs], []);
    });
  });
}
