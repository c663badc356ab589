// Passing a letter on, by e-mail and into another mailbox: the warning, the question, the answer, the log and the rules.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { brevlada, caughtWhere, house, people, send } from "../support/house.mjs";
import {
  accessible, close, confirmAddress, login, noSidewaysScroll, openLetter, openMailbox, removeAddress, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const sv = words.sv;

for (const way of ways) {
  describe(`forwarding ${way.called}`, () => {
    const subject = `Beslut att visa Anna (${way.called})`;
    const anna = `anna-${way.script}@post.example`;
    // Not Tolvan, whose codes of this hour other stories need.
    const holder = people.karin;
    const own = `vakt-${way.script}@post.example`;
    const attachment = path.join(house.home, `Karta ${way.script}.pdf`);
    let person;

    before(async () => {
      writeFileSync(attachment, "%PDF-1.4\n%%EOF\n");
      person = await visitor(way);
      await login(person.page, holder);
      await openMailbox(person.page);
      await send({ to: holder.number, subject, text: "Hej!\nSe kartan.", attach: [attachment] });
      await confirmAddress(person.page, own);
      await person.page.goto("/inkorg");
    });
    after(async () => {
      if (person) await removeAddress(person.page, own);
      await person?.done();
    });

    /** What came to the person's own address since a moment, with a subject: the target masked, and no way in. */
    const toldOf = async (subject, moment) => {
      const told = await caughtWhere((message) => message.to === own && message.subject === subject && new Date(message.at) >= moment);
      assert.match(told.text, /[a-z]•••••@post\.example/);
      assert.match(told.text, /Inställningar, Vidarebefordran/);
      assert.doesNotMatch(`${told.text} ${told.html}`, /anna-|bo-|href|https?:/);
    };

    test("a letter is passed on after a warning and a question, with what belongs to it", async () => {
      const { page, wrongs } = person;
      await openLetter(page, subject);
      await page.getByText(sv.keep.heading).first().click();
      await page.getByRole("link", { name: sv.keep.forward }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.forward.title }).waitFor();
      await page.getByRole("heading", { name: sv.forward.warning }).waitFor();
      if (way.script) await accessible(page, "forward");
      await shot(page, `forward-${way.script ? "script" : "plain"}`);

      // Not even the browser calls this an address; one that does not ask keeps what was typed all the same.
      await page.locator("form").filter({ has: page.getByLabel(sv.forward.to) }).evaluate((form) => (form.noValidate = true))
        .catch(() => {});
      if (way.script) {
        await page.getByLabel(sv.forward.to).fill("anna hos example");
        await page.getByRole("button", { name: sv.forward.go_on }).click();
        await page.getByText(sv.forward.not_an_address).first().waitFor();
        assert.equal(await page.getByLabel(sv.forward.to).inputValue(), "anna hos example");
        assert.doesNotMatch(page.url(), /anna/, "what was typed is not in the address");
        await accessible(page, "forward, wrong address");
      }
      await page.getByLabel(sv.forward.to).fill(anna);
      await page.getByRole("button", { name: sv.forward.go_on }).click();
      await page.getByRole("heading", { name: sv.forward.question }).waitFor();
      await page.getByText(anna).first().waitFor();
      if (way.script) await accessible(page, "forward, question");
      await noSidewaysScroll(page, "forward, question");
      await shot(page, `forward-question-${way.script ? "script" : "plain"}`);
      await page.getByText(sv.forward.also, { exact: true }).click();
      await shot(page, `forward-also-${way.script ? "script" : "plain"}`);
      await page.getByLabel(/^Ja, också det som kommer från/).check();
      const before = new Date();
      await page.getByRole("button", { name: sv.forward.send }).click();
      await page.getByText(sv.forward.is_sent_and_rule).first().waitFor();

      const mail = await caughtWhere((message) => message.to === anna);
      assert.match(mail.subject, /^Vidarebefordrat: Beslut att visa Anna/);
      assert.match(mail.from, /avisering@/);
      assert.match(mail.text, new RegExp(`${holder.name} har vidarebefordrat`));
      assert.match(mail.text, /Se kartan/);
      await toldOf("En ny regel skickar dina brev vidare", before);

      await page.goto("/vidarebefordrat");
      await page.getByText(sv.forward.sent, { exact: true }).first().waitFor();
      assert.match(await page.locator("main").innerText(), new RegExp(anna));
      if (way.script) await accessible(page, "forwarded");
      await shot(page, `forwarded-${way.script ? "script" : "plain"}`);
      assert.deepEqual(wrongs, []);
    });

    test("a rule passes on the next letter, and can be ended", async () => {
      const { page, wrongs } = person;
      await send({ to: holder.number, subject: `Nästa brev (${way.called})`, text: "Mer att läsa." });
      const mail = await caughtWhere((message) => message.to === anna && /Nästa brev/.test(message.subject));
      assert.match(mail.text, /Mer att läsa/);
      await page.goto("/installningar");
      await page.getByRole("link", { name: sv.forward.rules_title }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.forward.rules_title }).waitFor();
      if (way.script) await accessible(page, "rules of forwarding");
      await shot(page, `forward-rules-${way.script ? "script" : "plain"}`);
      await page.getByRole("button", { name: sv.forward.end_which.replace("{to}", anna) }).click();
      await page.getByText(sv.forward.ended).first().waitFor();
      assert.doesNotMatch(await page.locator("main").innerText(), new RegExp(anna));
      assert.deepEqual(wrongs, []);
    });

    test("the first letter to an address is told to the person, and the log of notices has it", async () => {
      const { page, wrongs } = person;
      for (const isFirst of [true, false]) {
        const moment = new Date();
        await page.goto("/inkorg");
        await openLetter(page, subject);
        await page.goto(`${new URL(page.url()).pathname}/vidarebefordra`);
        await page.getByLabel(sv.forward.to).fill(`bo-${way.script}@post.example`);
        await page.getByRole("button", { name: sv.forward.go_on }).first().click();
        await page.getByRole("button", { name: sv.forward.send }).click();
        await page.getByText(sv.forward.is_sent).first().waitFor();
        await caughtWhere((message) => message.to === `bo-${way.script}@post.example` && new Date(message.at) >= moment);
        if (isFirst) await toldOf("Ett brev har skickats vidare till en ny adress", moment);
      }
      await page.goto("/installningar/avisering/logg");
      const told = page.locator("tbody tr", { hasText: own });
      assert.equal(await told.filter({ hasText: sv.notices.forward_rule }).count(), 1);
      assert.equal(await told.filter({ hasText: sv.notices.forwarded }).count(), 1, "the second letter to the same address is no news");
      if (way.script) await accessible(page, "log with what was passed on");
      await shot(page, `forward-told-${way.script ? "script" : "plain"}`);
      assert.deepEqual(wrongs, []);
    });
  });
}

// From one mailbox here into another: asked, answered, handed over.
for (const way of ways) {
  describe(`forwarding into a mailbox, ${way.called}`, () => {
    const subject = `Brev att dela (${way.called})`;
    const receiver = way.script ? people.bertil : people.nils;
    const written = receiver.number.replace(/(....)$/, "-$1");
    // Nobody has a mailbox under this number.
    const nobody = "19121108-9824";
    const suffix = way.script ? "script" : "plain";
    let giver, taker;

    before(async () => {
      giver = await visitor(way);
      taker = await visitor(way);
      await login(giver.page, people.tolvan);
      await login(taker.page, receiver);
      await openMailbox(taker.page);
      await send({ subject, text: "Läs du också." });
    });
    after(async () => {
      await giver?.done();
      await taker?.done();
    });

    const toForwarding = async (page) => {
      await page.goto("/inkorg");
      await openLetter(page, subject);
      await page.getByText(sv.keep.heading).first().click();
      await page.getByRole("link", { name: sv.keep.forward }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.forward.title }).waitFor();
    };
    const give = async (page, number) => {
      await page.getByLabel(sv.forward.number).fill(number);
      await page.getByRole("button", { name: sv.forward.go_on_number }).click();
    };

    test("a number is checked, seen once more, and then it waits: for whomever has it", async () => {
      const { page, wrongs } = giver;
      await toForwarding(page);
      await give(page, "19750302-9817");
      await page.getByText(sv.forward.not_a_number).first().waitFor();
      assert.equal(await page.getByLabel(sv.forward.number).inputValue(), "19750302-9817");
      assert.doesNotMatch(page.url(), /9817/, "what was typed is not in the address");
      if (way.script) await accessible(page, "forward, wrong number");
      await shot(page, `forward-number-wrong-${suffix}`);

      const seen = [];
      for (const number of [written, nobody]) {
        await toForwarding(page);
        await give(page, number);
        await page.getByRole("heading", { name: sv.forward.question_number }).waitFor();
        await page.getByText(sv.forward.not_told).waitFor();
        seen.push((await page.locator("main").textContent()).replaceAll(number, "NUMBER"));
        await noSidewaysScroll(page, "forward, question of a number");
        if (way.script) await accessible(page, "forward, question of a number");
        await shot(page, `forward-number-${suffix}`);
        await page.getByRole("button", { name: sv.forward.send }).click();
        await page.getByText(sv.forward.asks, { exact: true }).first().waitFor();
        const row = page.getByRole("row").filter({ hasText: number }).first();
        await row.getByText(sv.forward.asking, { exact: true }).waitFor();
      }
      assert.equal(seen[0], seen[1], "the same words, whoever it is");
      await noSidewaysScroll(page, "forwarded, waiting");
      if (way.script) await accessible(page, "forwarded, waiting");
      await shot(page, `forwarded-waiting-${suffix}`);
      await page.getByRole("button", { name: sv.forward.take_back_which.replace("{to}", nobody) }).first().click();
      await page.getByText(sv.forward.taken_back).first().waitFor();
      assert.deepEqual(wrongs, []);
    });

    test("who is asked sees by whom, says yes, and has the letter with its signature", async () => {
      const { page, wrongs } = taker;
      await page.goto("/inkorg");
      await page.getByText(sv.askers.one_asks).first().waitFor();
      if (way.script) await accessible(page, "inbox, somebody asks");
      await shot(page, `inbox-asked-${suffix}`);
      await page.getByRole("link", { name: sv.askers.see }).click();
      await page.getByRole("heading", { level: 1, name: sv.askers.title }).waitFor();
      await page.getByText(sv.askers.asks.replace("{who}", people.tolvan.name)).waitFor();
      assert.match(await page.locator("main").innerText(), /19121212-1212/);
      await noSidewaysScroll(page, "askers");
      if (way.script) await accessible(page, "askers");
      await shot(page, `askers-${suffix}`);
      await page.getByRole("button", { name: `${sv.askers.yes}: ${people.tolvan.name}` }).click();
      await page.getByText(sv.askers.said_yes).first().waitFor();
      await shot(page, `askers-accepted-${suffix}`);

      const until = Date.now() + 20_000;
      do await page.goto("/inkorg");
      while (!(await page.getByRole("link", { name: subject }).count()) && Date.now() < until);
      assert.equal(await page.getByText(sv.askers.one_asks).count(), 0, "nobody asks any more");
      const by = sv.letter.passed_on.replace("{who}", people.tolvan.name);
      await page.getByText(by).first().waitFor();
      await shot(page, `inbox-passed-on-${suffix}`);
      await openLetter(page, subject);
      await page.getByText(by).first().waitFor();
      await page.getByText(/Brevet är ställt till Tolvan Tolvansson/).first().waitFor();
      await page.getByText(/Äkta, signerat av/).first().waitFor();
      await noSidewaysScroll(page, "a letter that was passed on");
      if (way.script) await accessible(page, "a letter that was passed on");
      await shot(page, `letter-passed-on-${suffix}`);

      await giver.page.goto("/vidarebefordrat");
      const row = giver.page.getByRole("row").filter({ hasText: written }).first();
      await row.getByText(sv.forward.handed_over).waitFor();
      assert.deepEqual(wrongs, []);
      assert.deepEqual(giver.wrongs, []);
    });

    test("a yes is taken back, and the question is not put again", async () => {
      const { page, wrongs } = taker;
      await page.goto("/installningar");
      await page.getByRole("link", { name: sv.askers.title }).first().click();
      await page.getByRole("button", { name: `${sv.askers.stop}: ${people.tolvan.name}` }).click();
      await page.getByText(sv.askers.said_no).first().waitFor();
      if (way.script) await accessible(page, "askers, declined");
      await shot(page, `askers-declined-${suffix}`);
      await toForwarding(giver.page);
      await give(giver.page, written);
      await giver.page.getByRole("button", { name: sv.forward.send }).click();
      await giver.page.getByText(sv.forward.asks, { exact: true }).first().waitFor();
      await page.goto("/inkorg");
      await page.getByRole("link", { name: subject }).first().waitFor();
      assert.equal(await page.getByText(sv.askers.one_asks).count(), 0);
      assert.deepEqual(wrongs, []);
    });
  });
}

for (const looks of [{ width: 320, height: 700, colours: "dark" }, { width: 1280, height: 900 }]) {
  test(`what was passed on has room at ${looks.width} pixels, ${looks.colours ?? "light"}`, async () => {
    const called = `${looks.width}-${looks.colours ?? "light"}`;
    const { page, wrongs, done } = await visitor(looks);
    await login(page, people.bertil);
    for (const [address, name] of [["/installningar/vidarebefordran/till-dig", "askers"], ["/vidarebefordrat", "forwarded"], ["/inkorg", "inbox"]]) {
      await page.goto(address);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await noSidewaysScroll(page, `${name} at ${called}`);
      await accessible(page, `${name} at ${called}`);
      await shot(page, `passed-on-${name}-${called}`);
    }
    await page.getByRole("link", { name: /Brev att dela/ }).first().click();
    await page.getByText(/Brevet är ställt till Tolvan Tolvansson/).first().waitFor();
    await noSidewaysScroll(page, `letter at ${called}`);
    await accessible(page, `letter at ${called}`);
    await shot(page, `passed-on-letter-${called}`);
    await page.goto(`${page.url()}/vidarebefordra`);
    await page.getByLabel(sv.forward.number).waitFor();
    await noSidewaysScroll(page, `forward at ${called}`);
    await accessible(page, `forward at ${called}`);
    await shot(page, `passed-on-forward-${called}`);
    assert.deepEqual(wrongs, []);
    await done();
  });
}

test("a holder with protected identity passes nothing on", async () => {
  await send({ subject: "Skyddat brev", text: "Hej" });
  await brevlada("mailbox", "protect", "--number", people.tolvan.number);
  const { page, done } = await visitor();
  await login(page, people.tolvan);
  await openLetter(page, "Skyddat brev");
  await page.getByText(sv.keep.heading).first().click();
  await page.getByRole("link", { name: sv.keep.forward }).first().click();
  await page.getByText(sv.forward.protected).first().waitFor();
  assert.equal(await page.getByLabel(sv.forward.to).count(), 0);
  assert.equal(await page.getByLabel(sv.forward.number).count(), 0);
  await accessible(page, "forward, forbidden");
  await brevlada("mailbox", "protect", "--number", people.tolvan.number, "--lift");
  await done();
});
