// What became of a text message: the gateway says it later, the person sees it, and one that did not arrive is told by mail.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { caughtWhere, house, people, send } from "../support/house.mjs";
import {
  accessible, close, confirmAddress, fill, login, noSidewaysScroll, openMailbox, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv } = words;
const started = (text) => new RegExp(text.split("{")[0].trim());

for (const way of ways) {
  describe(`reports of text messages, ${way.called}`, () => {
    const person = way.script ? people.johan : people.love;
    // The catcher has it that nobody has the one number, and that the other's phone is off.
    const [number, sent, says] = way.script
      ? ["070-174 06 99", "+46701740699", sv.notices.sms_no_such]
      : ["070-174 06 98", "+46701740698", sv.notices.sms_not_reached];
    const [good, sentGood] = way.script ? ["070-174 06 21", "+46701740621"] : ["070-174 06 22", "+46701740622"];
    const address = `rapport-${way.script}@post.example`;
    const suffix = way.script ? "script" : "plain";
    let who;

    before(async () => {
      who = await visitor(way);
      const { page } = who;
      await login(page, person);
      await openMailbox(page);
      await confirmAddress(page, address);
      await confirmAddress(page, number, "#mobil");
      await page.goto("/installningar/avisering");
      await page.getByLabel(sv.notice_rules.email, { exact: true }).selectOption({ label: sv.notice_rules.never });
      await page.getByLabel(sv.notice_rules.sms, { exact: true }).selectOption({ label: sv.notice_rules.at_once });
      await page.getByRole("button", { name: sv.notice_rules.save, exact: true }).click();
      await page.getByText(sv.notice_rules.saved).waitFor();
    });
    after(() => who?.done());

    /** The row of the log that speaks of an address, once it says what it should. */
    async function rowThatSays(page, to, ...what) {
      const rows = page.locator("tbody tr", { hasText: to });
      const row = what.reduce((found, said) => found.filter({ hasText: said }), rows).first();
      const until = Date.now() + 20_000;
      do await page.goto("/installningar/avisering/logg");
      while (!(await row.count()) && Date.now() < until);
      return row;
    }

    test("a text message that does not arrive is seen, and the letter is told of by mail", async () => {
      const { page, wrongs } = who;
      const moment = new Date();
      await send({ to: person.number, subject: "Hemlig rubrik" });
      const sms = await caughtWhere((message) => message.to === sent && new Date(message.at) >= moment);
      assert.ok(sms.report, "the gateway was asked to report");
      const mail = await caughtWhere(
        (message) => message.to === address && new Date(message.at) >= moment && message.subject === "Du har fått ett nytt brev",
      );
      assert.ok(new Date(mail.at) > new Date(sms.at), "after the text message had failed");

      const row = await rowThatSays(page, number, says);
      await row.waitFor();
      // The mail can be there a moment before the log says so.
      await (await rowThatSays(page, address, sv.notices.letter, sv.notices.sent)).waitFor();
      if (way.script) await accessible(page, "log with a text message that failed");
      await noSidewaysScroll(page, "log with a text message that failed");
      await shot(page, `sms-report-failed-${suffix}`);
      await page.getByRole("link", { name: sv.notices.show_failed }).click();
      await page.locator("tbody tr", { hasText: number }).filter({ hasText: says }).first().waitFor();

      await page.goto("/installningar/kontakt");
      const known = page.locator(".addresses > li", { hasText: number });
      assert.equal((await known.innerText()).includes(sv.contacts.broken), way.script, "only a number that nobody has is marked");
      await shot(page, `sms-report-contacts-${suffix}`);
      assert.deepEqual(wrongs, []);
    });

    test("a text message that arrives is seen to be in the phone", async () => {
      const { page, wrongs } = who;
      await confirmAddress(page, good, "#mobil");
      await page.goto("/installningar/avisering");
      const moment = new Date();
      await page.getByRole("button", { name: sv.notice_rules.test }).click();
      // By the rules no mail; and nobody has the one number, which is known by now.
      await page.getByText(way.script ? sv.notice_rules.test_sent_one : fill(sv.notice_rules.test_sent_many, { n: 2 })).waitFor();
      await caughtWhere((message) => message.to === sentGood && new Date(message.at) >= moment);
      const row = await rowThatSays(page, good, started(sv.notices.arrived));
      assert.match(await row.innerText(), /Framme i telefonen \d\d\.\d\d/);
      await page.getByRole("link", { name: sv.notices.show_sent }).click();
      await page.locator("tbody tr", { hasText: good }).filter({ hasText: started(sv.notices.arrived) }).first().waitFor();
      await shot(page, `sms-report-arrived-${suffix}`);
      assert.deepEqual(wrongs, []);
    });
  });
}

test("the log stands on a phone, in the dark, and the catcher shows what it reported", async () => {
  for (const [called, looks] of Object.entries({
    narrow: { width: 320, height: 640, colours: "dark" }, wide: {},
  })) {
    const { page, wrongs, done } = await visitor(looks);
    await login(page, people.johan);
    for (const part of ["avisering/logg", "kontakt"]) {
      await page.goto(`/installningar/${part}`);
      await noSidewaysScroll(page, `${part} ${called}`);
      await accessible(page, `${part} ${called}`);
      await shot(page, `sms-report-${part.replace("/", "-")}-${called}`);
    }
    assert.deepEqual(wrongs, []);
    await done();
  }
  const { page, done } = await visitor({ width: 390, height: 844 });
  await page.goto(`${house.catcher}/?lang=sv`);
  await page.getByText("Kom inte fram: ingen har numret (rapporten är mottagen)").first().waitFor();
  await page.getByText("Framme i telefonen (rapporten är mottagen)").first().waitFor();
  await noSidewaysScroll(page, "catcher");
  await shot(page, "sms-report-catcher");
  await done();
});
