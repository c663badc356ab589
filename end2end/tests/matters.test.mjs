// Matters, what is to be paid, the code for bank apps and the calendar feed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { house, infrastruktur, people, python } from "../support/house.mjs";
import { accessible, close, fill, login, noSidewaysScroll, openLetter, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

for (const way of ways) {
  describe(`matters ${way.called}`, () => {
    let person;
    const number = `BN 2026-${way.script ? 1 : 2}`;
    const title = `Bygglov för växthus ${number}`;
    const sender = "162021004748";

    /** Sends a letter that is an event in the matter, or a bill. */
    const send = (subject, ...more) => infrastruktur("send", "--to", people.tolvan.number, "--sender", sender,
      "--subject", subject, "--text", "Se ärendet.", ...more);

    before(async () => {
      await send(`Vi har fått din ansökan ${number}`, "--matter", number, "--matter-subject", title, "--status", "senderinitiative");
      await send(`Komplettera din ansökan ${number}`, "--matter", number, "--matter-subject", title, "--status", "recipientinitiative");
      await send(`Avgift ${number}`, "--pay", "248", "--due", "2030-03-31", "--bankgiro", "991-2346", "--ocr", "100020261101");
      person = await visitor(way);
      await login(person.page, people.tolvan);
    });
    after(() => person?.done());

    test("letters of one matter stand together, and say whose turn it is", async () => {
      const { page } = person;
      await page.getByRole("link", { name: sv.door.matters, exact: true }).click();
      await page.getByRole("heading", { level: 1, name: sv.matters.title }).waitFor();
      await noSidewaysScroll(page);
      if (way.script) await accessible(page);
      await shot(page, `matters-${way.script}`);
      await page.getByRole("link", { name: title }).first().click();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      const told = await page.locator("main").innerText();
      assert.match(told, new RegExp(sv.matters.your_turn.split("{who}")[1].trim()));
      assert.ok(told.indexOf("Vi har fått") < told.indexOf("Komplettera"), "in the order they came");
      if (way.script) await accessible(page);
      await shot(page, `matter-${way.script}`);
      await page.locator(".step").getByRole("link", { name: `Komplettera din ansökan ${number}` }).click();
      await page.getByRole("heading", { level: 1, name: `Komplettera din ansökan ${number}` }).waitFor();
      await page.getByRole("link", { name: new RegExp(sv.letter.matter_whole) }).click();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    });

    test("a bill can be read by a bank's app", async () => {
      const { page } = person;
      await openLetter(page, `Avgift ${number}`);
      await page.locator("summary", { hasText: sv.payments.code }).click();
      const code = page.getByRole("img", { name: sv.payments.code_name });
      await shot(page, `bill-${way.script}`);
      const picture = PNG.sync.read(await code.screenshot());
      const read = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
      assert.ok(read, "the code can be read from the screen");
      assert.deepEqual(JSON.parse(read.data), {
        uqr: 1, tp: 1, nme: "Kommun A", cc: "SE", cid: "202100-4748", iref: "100020261101",
        ddt: "20300331", due: 248, cur: "SEK", pt: "BG", acc: "991-2346",
      });
      if (way.script) {
        await accessible(page);
        await person.context.grantPermissions(["clipboard-read", "clipboard-write"]);
        await page.locator("[data-copy]", { hasText: new RegExp(sv.letter.ocr) }).click();
        await page.getByText(sv.payments.copied).first().waitFor();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "100020261101");
      } else {
        assert.equal(await page.locator("[data-copy]").first().isVisible(), false, "no button that does nothing");
      }
    });

    test("what is paid goes from the list, and comes back when that is taken back", async () => {
      const { page } = person;
      await page.goto("/betala");
      const bills = page.locator(".payment");
      const count = await bills.count();
      assert.ok(count >= 1);
      const told = count === 1 ? sv.count.bill_one : fill(sv.count.bill_many, { n: count });
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto("/inkorg");
        const link = page.getByRole("link", { name: new RegExp(`^${sv.payments.title}.*${told}$`) });
        assert.equal(await link.count(), 1, "in the menu, or above the letters where the menu has no room");
        await link.click();
        await page.getByRole("heading", { level: 1, name: sv.payments.title }).waitFor();
      }
      await noSidewaysScroll(page);
      if (way.script) await accessible(page);
      await shot(page, `payments-${way.script}`);
      await bills.first().getByRole("button", { name: sv.payments.mark_paid }).click();
      await page.getByText(sv.payments.now_paid, { exact: true }).waitFor();
      assert.equal(await bills.count(), count - 1);
      await page.getByRole("button", { name: sv.payments.undo }).click();
      await page.getByText(sv.payments.now_unpaid, { exact: true }).waitFor();
      assert.equal(await bills.count(), count);
    });

    test("a calendar fetches the days and no more, until the address is removed", async () => {
      const { page } = person;
      await page.goto("/betala");
      await page.getByLabel(sv.payments.calendar_says_day).check();
      await page.getByRole("button", { name: new RegExp(`${sv.payments.calendar_make}|${sv.payments.calendar_again}`) }).click();
      await page.getByText(sv.payments.calendar_made, { exact: true }).waitFor();
      const address = await page.getByLabel(sv.payments.calendar_address).inputValue();
      const answer = await fetch(address);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get("content-type"), /^text\/calendar/);
      const told = JSON.parse(await python("calendar_reader.py", address));
      assert.ok(told.some((day) => day.day === "2030-03-31" && day.summary === sv.payments.calendar_day), JSON.stringify(told));
      assert.ok(told.every((day) => !/248|Kommun/.test(day.summary)));
      await page.reload();
      await page.getByRole("button", { name: sv.payments.calendar_revoke }).click();
      await page.getByText(sv.payments.calendar_revoked, { exact: true }).waitFor();
      assert.equal((await fetch(address)).status, 404);
    });

    test("another person's matter and bill are not found", async () => {
      const { page } = person;
      await page.goto("/arenden");
      const theirs = await page.getByRole("link", { name: title }).first().getAttribute("href");
      const stranger = await visitor({ script: false });
      await login(stranger.page, people.bertil);
      const agree = stranger.page.getByLabel(sv.terms.agree);
      if (await agree.isVisible()) {
        await agree.check();
        await stranger.page.getByRole("button", { name: sv.terms.open, exact: true }).click();
      }
      assert.equal((await stranger.page.request.get(theirs)).status(), 404);
      await page.goto("/betala");
      const letter = await page.locator('.payment input[name="brev"]').first().inputValue();
      const before = await page.locator(".payment").count();
      await stranger.page.request.post("/api/betala/markera", {
        form: { brev: letter, betald: "true", fran: "lista" }, headers: { origin: house.web, accept: "text/html" },
      });
      await page.reload();
      assert.equal(await page.locator(".payment").count(), before);
      await stranger.done();
    });
  });
}
