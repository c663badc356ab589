// Where one is reached, when and how one is told of a letter, and what became of every notice.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { caught, caughtWhere, people, send } from "../support/house.mjs";
import {
  accessible, close, confirmAddress, fill, giveAddress, login, noSidewaysScroll, openMailbox, removeAddress, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv } = words;
const code = (message) => message.text.match(/\b\d{6}\b/)[0];
const since = (moment) => (message) => new Date(message.at) > moment;

/** Opens a part of the rules. */
const unfold = (page, heading) => page.locator(".fold > summary", { has: page.getByRole("heading", { name: heading }) }).click();

for (const way of ways) {
  describe(`notices ${way.called}`, () => {
    const address = `tolvan-${way.script}@post.example`;
    const number = way.script ? "070-174 06 05" : "070-174 06 06";
    const sent = `+46${number.replace(/[-\s]/g, "").slice(1)}`;

    /** Fills in the code of the last address and confirms it. */
    async function confirmWith(page, digits) {
      await page.getByLabel(sv.contacts.field_code).last().fill(digits);
      await page.getByRole("button", { name: sv.contacts.confirm, exact: true }).last().click();
    }

    test("an address counts when its code has come back, and then a letter is announced", async () => {
      const { page, done, wrongs } = await visitor(way);
      await login(page, people.tolvan);
      // A browser lets this through, and a mail server would not: a name of somebody's own network.
      await giveAddress(page, "tolvan@localhost");
      await page.getByText(sv.contacts.not_email).waitFor();
      assert.equal(await page.getByLabel(sv.contacts.field_email).inputValue(), "tolvan@localhost", "what was typed is kept");
      assert.ok(!page.url().includes("tolvan"), "and not in the address");
      if (way.script) await accessible(page);

      await giveAddress(page, address);
      const mail = await caughtWhere((message) => message.to === address);
      const right = code(mail);
      await confirmWith(page, "abc");
      await page.locator(".addresses").getByText(sv.contacts.not_a_code).waitFor();
      await confirmWith(page, right === "111111" ? "222222" : "111111");
      await page.getByText(fill(sv.contacts.wrong_code_many, { n: 4 })).waitFor();
      await page.getByText(sv.contacts.wrong_code_many.split("{")[0].trim()).first().waitFor();
      if (way.script) await accessible(page);
      await shot(page, "contacts-wrong-code");
      await confirmWith(page, right);
      await page.getByText(sv.contacts.now_confirmed).waitFor();
      if (way.script) await accessible(page);

      await send({ subject: "Hemlig rubrik", text: "Hemligt innehåll" });
      const notice = await caughtWhere((message) => message.to === address && message.at > mail.at && !/\d{6}/.test(message.text));
      for (const secret of ["Hemlig", "Kommun A", "Tolvan Tolvansson", "191212121212"]) {
        assert.ok(!`${notice.subject} ${notice.text} ${notice.html}`.includes(secret), `the notice says ${secret}`);
      }
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("a mobile number is confirmed by text message, and the address that was there hears of it", async () => {
      const { page, done, wrongs } = await visitor(way);
      await login(page, people.tolvan);
      const before = new Date();
      await giveAddress(page, number, "#mobil");
      const sms = await caughtWhere((message) => message.kind === "sms" && message.to === sent);
      await confirmWith(page, code(sms));
      await page.getByText(sv.contacts.now_confirmed).waitFor();
      const told = await caughtWhere((message) => message.to === address && since(before)(message));
      assert.match(told.text, /070-••• 06 0[56]/);
      await shot(page, `contacts-${way.script}`);
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("rules are tried out, saved, followed and taken back", async () => {
      const { page, done, wrongs } = await visitor(way);
      await login(page, people.tolvan);
      await page.goto("/installningar");
      await page.getByRole("link", { name: sv.notice_rules.title }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.notice_rules.title }).waitFor();
      if (way.script) await accessible(page);

      await unfold(page, sv.notice_rules.word);
      await page.getByRole("textbox", { name: sv.notice_rules.word_field }).fill("inte ett ord!");
      await page.getByRole("button", { name: sv.notice_rules.save, exact: true }).click();
      await page.getByText(sv.notice_rules.word_wrong).waitFor();
      assert.equal(await page.getByRole("textbox", { name: sv.notice_rules.word_field }).inputValue(), "inte ett ord!");
      if (way.script) await accessible(page);

      await page.getByRole("textbox", { name: sv.notice_rules.word_field }).fill("Blåklocka");
      await page.getByLabel(sv.notice_rules.sms, { exact: true }).selectOption({ label: sv.notice_rules.at_once });
      await unfold(page, sv.notice_rules.says);
      await page.getByRole("radio", { name: sv.notice_rules.says_subject, exact: true }).check();
      await page.getByRole("button", { name: sv.notice_rules.show }).click();
      await page.getByText(sv.notice_rules.shown).waitFor();
      const preview = page.locator("#forhandsvisning");
      assert.match(await page.locator("#eget-ord summary").innerText(), /”Blåklocka”/, "folded, each part says how it is set");
      assert.match(await preview.innerText(), /Blåklocka\. Du har fått ett nytt brev i brevlada\. Exempelkommunen: Beslut/);
      await shot(page, `rules-${way.script}`);

      await page.getByRole("button", { name: sv.notice_rules.save, exact: true }).click();
      await page.getByText(sv.notice_rules.saved).waitFor();
      const before = new Date();
      await send({ subject: "Beslut om bygglov", text: "Ja" });
      const sms = await caughtWhere((message) => message.to === sent && since(before)(message));
      assert.match(sms.text, /^Blåklocka\. Du har fått ett nytt brev i brevlada\. Kommun A[^:]*: Beslut om bygglov\./);

      await page.getByRole("button", { name: sv.notice_rules.undo, exact: true }).click();
      await page.getByText(sv.notice_rules.undone).waitFor();
      assert.equal(await page.locator("#falt-ord").inputValue(), "");
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("what is gathered waits in sight", async () => {
      const { page, done, wrongs } = await visitor(way);
      await login(page, people.tolvan);
      await page.goto("/installningar/avisering");
      await page.getByLabel(sv.notice_rules.email, { exact: true }).selectOption({ label: sv.notice_rules.weekly });
      await page.getByLabel(sv.notice_rules.sms, { exact: true }).selectOption({ label: sv.notice_rules.never });
      await page.getByRole("button", { name: sv.notice_rules.save, exact: true }).click();
      await page.getByText(sv.notice_rules.saved).waitFor();
      const count = (await caught()).length;
      await send({ subject: "Kan vänta", text: "Ja" });
      await page.goto("/installningar/avisering/logg");
      for (let look = 0; look < 20 && !(await page.getByText(sv.notices.held).isVisible()); look += 1) {
        await page.waitForTimeout(300);
        await page.reload();
      }
      await page.getByText(sv.notices.held_row.split("}")[1].split("{")[0].trim()).first().waitFor();
      assert.equal((await caught()).length, count, "nothing is sent before its time");
      if (way.script) await accessible(page);
      await shot(page, `log-${way.script}`);
      await page.goto("/installningar/avisering");
      await page.getByLabel(sv.notice_rules.email, { exact: true }).selectOption({ label: sv.notice_rules.at_once });
      await page.getByLabel(sv.notice_rules.sms, { exact: true }).selectOption({ label: sv.notice_rules.at_once });
      await page.getByRole("button", { name: sv.notice_rules.save, exact: true }).click();
      await page.getByText(sv.notice_rules.saved).waitFor();
      await caughtWhere((message) => message.to === address && message.subject === "Du har fått ett nytt brev");
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("a rule for a sender is made, changed and taken away", async () => {
      const { page, done, wrongs } = await visitor(way);
      await login(page, people.tolvan);
      await page.goto("/installningar/avisering");
      await page.getByRole("link", { name: sv.notice_rules.new_rule }).click();
      await page.getByRole("heading", { level: 1, name: sv.own_rule.new }).waitFor();
      if (way.script) await accessible(page);
      const senders = page.getByLabel(sv.own_rule.letters);
      const sender = await senders.locator("optgroup").last().locator("option").first().innerText();
      await senders.selectOption({ label: sender });
      await page.getByLabel(sv.notice_rules.email, { exact: true }).selectOption({ label: sv.notice_rules.weekly });
      await page.getByText(sv.own_rule.always).click();
      await page.getByRole("button", { name: sv.own_rule.save }).click();
      await page.getByText(sv.own_rule.saved).waitFor();
      const row = page.locator("li.setting", { hasText: sender });
      assert.match(await row.innerText(), /samlat varje vecka, även under tysta timmar/);
      if (way.script) await accessible(page);
      await row.getByRole("link").click();
      await page.getByRole("heading", { level: 1, name: sv.own_rule.change }).waitFor();
      await page.locator("summary", { hasText: sv.own_rule.remove }).click();
      await page.getByRole("button", { name: sv.own_rule.remove }).click();
      await page.getByText(sv.own_rule.removed).waitFor();
      assert.equal(await row.count(), 0);
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("a notice to try goes to every address, and the log tells of each", async () => {
      const { page, done, wrongs } = await visitor(way);
      await login(page, people.tolvan);
      await page.goto("/installningar/avisering");
      const before = new Date();
      await page.getByRole("button", { name: sv.notice_rules.test }).click();
      await page.getByText(fill(sv.notice_rules.test_sent_many, { n: 2 })).waitFor();
      await caughtWhere((message) => message.to === sent && since(before)(message));
      const mail = await caughtWhere((message) => message.to === address && since(before)(message));
      assert.match(mail.text, /Det här är ett prov som du har bett om/);
      assert.match(mail.text, /Så här läser du/, "and for the rest what a real one says");
      await page.goto("/installningar/avisering/logg");
      const rows = page.locator("tbody tr");
      const arrived = sv.notices.arrived.split("{")[0].trim();
      assert.match(await rows.first().innerText(), new RegExp(`${sv.notices.test}[^]*(${sv.notices.sent}|${arrived})`));
      const mailed = rows.filter({ hasText: sv.notices.email_taken }).first();
      const exact = mailed.getByText("250", { exact: false });
      assert.equal(await exact.isVisible(), false, "numbers are for those who ask for them");
      await mailed.locator("summary", { hasText: sv.notices.see_answer }).click();
      await exact.waitFor();
      await rows.filter({ hasText: new RegExp(`${sv.notices.sms_taken}|${arrived}`) }).first().waitFor();
      if (way.script) await accessible(page, "the log with an answer open");
      await page.getByRole("link", { name: sv.notices.show_failed }).click();
      await page.getByText(sv.notices.none, { exact: true }).waitFor();
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("an address is taken away, and hears of it", async () => {
      const { page, done, wrongs } = await visitor(way);
      await login(page, people.tolvan);
      for (const [shown, to] of [[number, sent], [address, address]]) {
        const before = new Date();
        await page.goto("/installningar/kontakt");
        const row = page.locator(".addresses > li", { hasText: shown });
        await row.locator("summary").click();
        if (way.script) await accessible(page);
        await row.getByRole("button", { name: fill(sv.contacts.remove_which, { address: shown }) }).last().click();
        await page.getByText(sv.contacts.removed).waitFor();
        await caughtWhere((message) => message.to === to && since(before)(message));
      }
      assert.deepEqual(wrongs, []);
      await done();
    });
  });
}

for (const way of ways) {
  describe(`a number before an address, ${way.called}`, () => {
    const person = way.script ? people.lina : people.ivar;
    const [number, sent] = way.script ? ["070-174 06 31", "+46701740631"] : ["070-174 06 32", "+46701740632"];
    const address = `nummer-${way.script}@post.example`;
    let who;
    before(async () => {
      who = await visitor(way);
      await login(who.page, person);
      await openMailbox(who.page);
    });
    after(() => who?.done());

    const beside = (page) => page.locator(".way", { has: page.getByText(sv.notice_rules.sms, { exact: true }) });
    const box = (page) => page.getByRole("checkbox", { name: new RegExp(`^${sv.contacts.tell_there}`) });

    /** Gives the number and waits for its code. */
    async function ask(page) {
      const moment = new Date();
      await giveAddress(page, number, "#mobil");
      return code(await caughtWhere((message) => message.to === sent && since(moment)(message)));
    }
    const confirm = (page) => page.getByRole("button", { name: sv.contacts.confirm, exact: true }).click();

    test("without the wish the rules stay, and say what the number is used for", async () => {
      const { page, wrongs } = who;
      const right = await ask(page);
      assert.equal(await box(page).isChecked(), true, "whoever gives a number wants to be told there");
      if (way.script) await accessible(page, "a code with the box for notices");
      await shot(page, `contacts-wish-${way.script}`);
      await box(page).uncheck();
      await page.getByLabel(sv.contacts.field_code).fill(right === "111111" ? "222222" : "111111");
      await confirm(page);
      await page.getByText(fill(sv.contacts.wrong_code_many, { n: 4 })).waitFor();
      assert.equal(await box(page).isChecked(), false, "a wrong code changes no mind");
      await page.getByLabel(sv.contacts.field_code).fill(right);
      await confirm(page);
      await page.getByText(sv.contacts.now_confirmed_silent).waitFor();

      await page.goto("/installningar/avisering");
      assert.equal(await page.getByLabel(sv.notice_rules.sms, { exact: true }).inputValue(), "inte");
      await beside(page).getByText(sv.notice_rules.anyway_all).waitFor();
      if (way.script) await accessible(page, "rules with what is used anyway");
      await shot(page, `rules-anyway-${way.script}`);
      let moment = new Date();
      await send({ to: person.number, subject: "Ett brev" });
      await caughtWhere((message) => message.to === sent && since(moment)(message));

      await confirmAddress(page, address);
      await page.goto("/installningar/avisering");
      await beside(page).getByText(sv.notice_rules.anyway_failed).waitFor();
      moment = new Date();
      await page.getByRole("button", { name: sv.notice_rules.test }).click();
      await page.getByText(sv.notice_rules.test_sent_one).waitFor();
      await caughtWhere((message) => message.to === address && since(moment)(message));

      await page.getByLabel(sv.notice_rules.email, { exact: true }).selectOption({ label: sv.notice_rules.never });
      await page.getByRole("button", { name: sv.notice_rules.save, exact: true }).click();
      await page.getByText(sv.notice_rules.saved).waitFor();
      const count = (await caught()).length;
      await page.getByRole("button", { name: sv.notice_rules.test }).click();
      await page.getByText(sv.notice_rules.test_not_wanted).waitFor();
      assert.equal((await caught()).length, count, "nothing is sent");
      await page.getByLabel(sv.notice_rules.email, { exact: true }).selectOption({ label: sv.notice_rules.at_once });
      await page.getByRole("button", { name: sv.notice_rules.save, exact: true }).click();
      await page.getByText(sv.notice_rules.saved).waitFor();
      await removeAddress(page, number);
      await removeAddress(page, address);
      assert.deepEqual(wrongs, []);
    });

    test("with the wish the number goes on telling when an address comes beside it", async () => {
      const { page, wrongs } = who;
      await page.getByLabel(sv.contacts.field_code).waitFor({ state: "detached" });
      const right = await ask(page);
      assert.equal(await box(page).isChecked(), true);
      await page.getByLabel(sv.contacts.field_code).fill(right);
      await confirm(page);
      await page.getByText(sv.contacts.now_confirmed, { exact: true }).waitFor();
      await confirmAddress(page, address);
      await page.goto("/installningar/avisering");
      assert.equal(await page.getByLabel(sv.notice_rules.sms, { exact: true }).inputValue(), "direkt");
      const moment = new Date();
      await send({ to: person.number, subject: "Ett brev till" });
      for (const to of [sent, address]) await caughtWhere((message) => message.to === to && since(moment)(message));
      assert.deepEqual(wrongs, []);
    });

    test("the language that is chosen under settings is that of the pages, and of notices from then on", async () => {
      const { page, wrongs } = who;
      for (const [now, then, subject] of [[sv, words.en, "You have a new letter"], [words.en, sv, "Du har fått ett nytt brev"]]) {
        await page.goto("/installningar");
        await page.getByRole("button", { name: now.settings.language_other, exact: true }).click();
        await page.getByRole("heading", { level: 1, name: then.settings.title, exact: true }).waitFor();
        assert.equal(await page.locator("html").getAttribute("lang"), then === sv ? "sv" : "en");
        const moment = new Date();
        await send({ to: person.number, subject: "Ett brev på sitt språk" });
        const told = await caughtWhere((message) => message.to === address && since(moment)(message));
        assert.equal(told.subject, subject);
      }
      assert.deepEqual(wrongs, []);
    });
  });
}

test("the pages stand on a phone, in the dark, and in English", async () => {
  for (const [called, look] of Object.entries({ narrow: { width: 320, height: 640, colours: "dark" }, wide: {} })) {
    const { page, done } = await visitor(look);
    await login(page, people.tolvan);
    for (const part of ["kontakt", "avisering", "avisering/regel", "avisering/logg"]) {
      await page.goto(`/installningar/${part}`);
      await noSidewaysScroll(page, `${part} ${called}`);
      await accessible(page, `${part} ${called}`);
      await page.screenshot({ path: `${(await import("../support/house.mjs")).house.shots}/notices-${part.replace("/", "-")}-${called}.png`, fullPage: true });
    }
    await page.goto("/installningar/avisering");
    const folded = await page.evaluate(() => document.querySelector("main").scrollHeight);
    for (const summary of await page.locator(".fold > summary").all()) await summary.click();
    const unfolded = await page.evaluate(() => document.querySelector("main").scrollHeight);
    if (called === "narrow") assert.ok(folded < unfolded * 0.7, `${folded} of ${unfolded}`);
    await accessible(page, `every part open ${called}`);
    await noSidewaysScroll(page, `every part open ${called}`);
    await shot(page, `notices-open-${called}`);
    await done();
  }
});
