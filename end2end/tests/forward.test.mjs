// Passing a letter on by e-mail: the warning, the question, the mail, the log and the rules.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { brevlada, caughtWhere, house, people, send } from "../support/house.mjs";
import { accessible, close, login, noSidewaysScroll, openLetter, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

for (const way of ways) {
  describe(`forwarding ${way.called}`, () => {
    const subject = `Beslut att visa Anna (${way.called})`;
    const anna = `anna-${way.script}@post.example`;
    const attachment = path.join(house.home, `Karta ${way.script}.pdf`);
    let person;

    before(async () => {
      writeFileSync(attachment, "%PDF-1.4\n%%EOF\n");
      await send({ subject, text: "Hej Tolvan!\nSe kartan.", attach: [attachment] });
      person = await visitor(way);
      await login(person.page, people.tolvan);
    });
    after(() => person?.done());

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
      await page.getByRole("button", { name: sv.forward.send }).click();
      await page.getByText(sv.forward.is_sent_and_rule).first().waitFor();

      const mail = await caughtWhere((message) => message.to === anna);
      assert.match(mail.subject, /^Vidarebefordrat: Beslut att visa Anna/);
      assert.match(mail.from, /avisering@/);
      assert.match(mail.text, /Tolvan Tolvansson har vidarebefordrat/);
      assert.match(mail.text, /Se kartan/);

      await page.goto("/vidarebefordrat");
      await page.getByText(sv.forward.sent, { exact: true }).first().waitFor();
      assert.match(await page.locator("main").innerText(), new RegExp(anna));
      if (way.script) await accessible(page, "forwarded");
      await shot(page, `forwarded-${way.script ? "script" : "plain"}`);
      assert.deepEqual(wrongs, []);
    });

    test("a rule passes on the next letter, and can be ended", async () => {
      const { page, wrongs } = person;
      await send({ subject: `Nästa brev (${way.called})`, text: "Mer att läsa." });
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
  });
}

test("a holder with protected identity passes nothing on by e-mail", async () => {
  await send({ subject: "Skyddat brev", text: "Hej" });
  await brevlada("mailbox", "protect", "--number", people.tolvan.number);
  const { page, done } = await visitor();
  await login(page, people.tolvan);
  await openLetter(page, "Skyddat brev");
  await page.getByText(sv.keep.heading).first().click();
  await page.getByRole("link", { name: sv.keep.forward }).first().click();
  await page.getByText(sv.forward.protected).first().waitFor();
  assert.equal(await page.getByLabel(sv.forward.to).count(), 0);
  await accessible(page, "forward, forbidden");
  await brevlada("mailbox", "protect", "--number", people.tolvan.number, "--lift");
  await done();
});
