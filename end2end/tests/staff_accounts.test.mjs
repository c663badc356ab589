// Support and an account: found by number and reason, seen masked and without letters, helped, locked; two for somebody who is protected;
// deliveries traced. And what the holder sees of it.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { caughtWhere, people, send } from "../support/house.mjs";
import {
  accessible, close, confirmAddress, fill, inLanguage, login, loginStaff, noSidewaysScroll, openMailbox, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv } = words;
const { rut, sten } = people;

/** Opens a look at somebody's account. */
async function find(page, number, said) {
  await page.goto("/admin/konto");
  await page.getByLabel(sv.accounts.number, { exact: true }).fill(number);
  await page.getByLabel(sv.reasons.label).selectOption({ label: sv.reasons.notices });
  await page.getByLabel(sv.reasons.words).fill(said);
  await page.getByRole("button", { name: sv.accounts.open, exact: true }).click();
}

/** Nothing of this stands anywhere on the page, nor in its address. */
async function nothingOf(page, secrets) {
  const content = await page.content();
  for (const secret of secrets) {
    assert.ok(!content.includes(secret), `${secret} is on ${page.url()}`);
    assert.ok(!page.url().includes(secret), `${secret} is in ${page.url()}`);
  }
}

describe("support and an account", () => {
  const subject = "Beslut som ingen annan ska se";
  const email = "rut.rask@post.example";

  test("a holder has a mailbox, an address and a letter", async () => {
    const { page, done } = await visitor();
    await login(page, rut);
    await openMailbox(page);
    await confirmAddress(page, email);
    await send({ to: rut.number, subject });
    await caughtWhere((one) => one.to === email && !/\b\d{6}\b/.test(one.text));
    await done();
  });

  for (const way of ways) {
    test(`is found, seen and helped, and sees who was there, ${way.called}`, async () => {
      const said = `Ringde i dag ${way.script}`;
      const { page, wrongs, done } = await visitor(way);
      await loginStaff(page, people.hanna, { from: "/admin/konto" });
      await page.getByRole("heading", { level: 1, name: sv.accounts.title }).waitFor();
      await find(page, "870414-9800", said);
      await page.getByText(sv.accounts.wrong_number).waitFor();
      assert.equal(await page.getByLabel(sv.reasons.words).inputValue(), said, "nothing typed is lost");
      if (way.script) await accessible(page, "a number that is none");
      await find(page, people.cecilia.number, said);
      await page.getByText(sv.accounts.nobody).waitFor();
      await find(page, "870414-9809", said);
      await page.getByRole("heading", { level: 1, name: sv.accounts.account }).waitFor();
      await page.getByText("r•••@p•••.example").first().waitFor();
      await page.getByText(sv.accounts.far_here).waitFor();
      await nothingOf(page, [rut.number, "870414", email, subject, rut.name]);
      if (way.script) await accessible(page, "an account");
      await shot(page, `staff-account-${way.script}`);

      const letter = page.getByRole("button", { name: fill(sv.accounts.resend_which, { what: sv.notices.letter }) });
      const before = new Date();
      await letter.first().click();
      await page.getByText(sv.accounts.said_resent).waitFor();
      await caughtWhere((one) => one.to === email && new Date(one.at) >= before);
      await page.getByRole("button", { name: sv.accounts.lock, exact: true }).click();
      await page.getByText(sv.accounts.fault_asked).waitFor();

      // An address of a letter, typed by hand, is nothing to staff.
      const account = page.url();
      const person = await visitor(way);
      await login(person.page, rut);
      await person.page.getByRole("link", { name: subject }).first().click();
      await person.page.waitForURL(/\/brev\//);
      const address = new URL(person.page.url()).pathname;
      await page.goto(address);
      assert.equal(new URL(page.url()).pathname, "/", "sent to log in as a person");
      await page.goto(`/admin${address}`);
      await page.getByRole("heading", { level: 1, name: sv.admin.not_found }).waitFor();

      await page.goto(account);
      const form = page.locator("form", { has: page.getByRole("button", { name: sv.accounts.lock, exact: true }) });
      await form.getByLabel(sv.accounts.asked).check();
      await form.getByRole("button", { name: sv.accounts.lock, exact: true }).click();
      await page.getByText(sv.accounts.said_locked).waitFor();
      await caughtWhere((one) => one.to === email && new Date(one.at) >= before && one.subject === "Din brevlåda är låst");
      await person.page.goto("/inkorg");
      assert.notEqual(new URL(person.page.url()).pathname, "/inkorg", "logged out");
      await login(person.page, rut);
      await person.page.getByRole("heading", { level: 1, name: sv.login_fault.locked }).waitFor();
      if (way.script) await accessible(person.page, "a locked door");
      const late = `Kom in ändå ${way.script}`;
      await send({ to: rut.number, subject: late });

      const open = page.locator("form", { has: page.getByRole("button", { name: sv.accounts.unlock, exact: true }) });
      await open.getByLabel(sv.accounts.asked).check();
      await open.getByRole("button", { name: sv.accounts.unlock, exact: true }).click();
      await page.getByText(sv.accounts.said_unlocked).waitFor();
      await page.getByRole("button", { name: sv.accounts.close, exact: true }).click();
      await page.getByText(sv.accounts.said_closed).waitFor();
      await page.goto(account);
      await page.getByRole("heading", { name: sv.accounts.over }).waitFor();

      await login(person.page, rut);
      await person.page.getByRole("link", { name: late }).first().waitFor();
      await person.page.goto("/vem-har-last?visa=andra");
      const rows = person.page.locator("tbody tr", { hasText: said });
      for (const act of [sv.access.staff_looked, sv.access.staff_resent, sv.access.staff_locked, sv.access.staff_unlocked]) {
        assert.equal(await rows.filter({ hasText: act }).count(), 1, act);
      }
      assert.match(await rows.first().innerText(), new RegExp(sv.access.somebody_of_staff));
      assert.ok(!(await person.page.content()).includes(people.hanna.name), "not who of them");
      if (way.script) await accessible(person.page, "the log with staff in it");
      assert.deepEqual(wrongs.filter((wrong) => !wrong.startsWith(`/admin${address}: `)), []);
      await person.done();
      await done();
    });

    test(`whoever is protected is seen by two, and less of them, ${way.called}`, async () => {
      const person = await visitor(way);
      await login(person.page, sten);
      await openMailbox(person.page);
      const said = `Ny telefon ${way.script}`;
      const { page, wrongs, done } = await visitor(way);
      await loginStaff(page, people.hanna);
      await find(page, sten.number, said);
      const form = page.locator("form", { has: page.getByRole("button", { name: sv.accounts.protect, exact: true }) });
      if (await form.count()) {
        await form.getByLabel(sv.accounts.asked).check();
        await form.getByRole("button", { name: sv.accounts.protect, exact: true }).click();
      }
      await page.getByRole("heading", { name: sv.accounts.waits }).waitFor();
      if (way.script) await accessible(page, "a look that waits");
      const account = page.url();
      await page.goto("/admin/godkann");
      assert.equal(await page.getByText(said).count(), 0, "not one's own");

      const second = await visitor(way);
      await loginStaff(second.page, people.jonna, { from: "/admin/godkann" });
      const row = second.page.locator(".jobs > li", { hasText: said });
      await nothingOf(second.page, [sten.number, sten.name]);
      if (way.script) await accessible(second.page, "looks that wait");
      await shot(second.page, `staff-second-${way.script}`);
      await row.getByRole("button", { name: fill(sv.seconds.yes_which, { who: people.hanna.name }) }).click();
      await second.page.getByText(sv.seconds.said_yes).waitFor();

      await page.goto(account);
      await page.getByText(sv.accounts.protected_text).waitFor();
      assert.equal(await page.getByRole("heading", { name: sv.accounts.contacts }).count(), 0);
      await nothingOf(page, [sten.number, sten.name, "Chrome", "Firefox"]);
      assert.equal(await page.locator("main time").count(), 0, "days, no times");
      if (way.script) await accessible(page, "an account of somebody who is protected");
      await page.goto("/admin/spara");
      await page.getByLabel(sv.accounts.number, { exact: true }).fill(sten.number);
      const today = new Date().toISOString().slice(0, 10);
      await page.getByLabel(sv.traces.first, { exact: true }).fill(today);
      await page.getByLabel(sv.traces.last, { exact: true }).fill(today);
      await page.getByLabel(sv.reasons.label).selectOption({ label: sv.reasons.letter });
      await page.getByLabel(sv.reasons.words).fill(said);
      await page.getByRole("button", { name: sv.traces.ask, exact: true }).click();
      await page.getByText(sv.traces.protected).waitFor();
      assert.deepEqual(wrongs, []);
      await second.done();
      await person.done();
      await done();
    });

    test(`a delivery is traced, ${way.called}`, async () => {
      const told = await send({ to: rut.number, subject: `Spåra mig ${way.script}` });
      const transId = told.match(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}/)[0];
      const { page, wrongs, done } = await visitor(way);
      await loginStaff(page, people.jonna, { from: "/admin/spara" });
      await page.getByRole("button", { name: sv.traces.ask, exact: true }).click();
      await page.getByText(sv.traces.wrong_what).waitFor();
      if (way.script) await accessible(page, "a trace that is not right");
      const ask = async (what) => {
        await page.goto("/admin/spara");
        await page.getByLabel(sv.traces.what, { exact: true }).fill(what);
        await page.getByLabel(sv.reasons.label).selectOption({ label: sv.reasons.letter });
        await page.getByLabel(sv.reasons.words).fill("Avsändaren ringde");
        await page.getByRole("button", { name: sv.traces.ask, exact: true }).click();
        await page.getByRole("heading", { level: 1, name: sv.traces.found }).waitFor();
      };
      await ask(transId);
      await page.getByText(sv.traces.delivered, { exact: true }).waitFor();
      await nothingOf(page, ["Spåra mig", rut.number, transId]);
      if (way.script) await accessible(page, "a trace");
      await shot(page, `staff-trace-${way.script}`);
      await ask("finns inte");
      await page.getByText(sv.traces.nothing).waitFor();
      const person = await visitor(way);
      await login(person.page, rut);
      await person.page.goto("/vem-har-last?visa=andra");
      await person.page.locator("tbody tr", { hasText: sv.access.staff_traced }).first().waitFor();
      assert.deepEqual(wrongs, []);
      await person.done();
      await done();
    });
  }

  test("fits on a phone, in the dark and in English", async () => {
    for (const [called, look] of Object.entries({ narrow: { width: 320, height: 640, colours: "dark" } })) {
      const { page, done } = await visitor(look);
      await loginStaff(page, people.hanna);
      await find(page, rut.number, "Ser hur det ser ut");
      await page.getByRole("heading", { level: 1, name: sv.accounts.account }).waitFor();
      const account = new URL(page.url()).pathname;
      for (const address of ["/admin/konto", account, "/admin/godkann", "/admin/spara"]) {
        await page.goto(address);
        await accessible(page, `${address} ${called}`);
        await noSidewaysScroll(page, `${address} ${called}`);
        assert.equal(await page.locator("h1").count(), 1);
      }
      await shot(page, `staff-trace-form-${called}`);
      await inLanguage(page, "en", account);
      await page.getByRole("heading", { level: 1, name: words.en.accounts.account }).waitFor();
      await shot(page, `staff-account-${called}`);
      await done();
    }
  });
});
