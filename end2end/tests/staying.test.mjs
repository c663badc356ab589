// What a newcomer stumbled on: pages that lost the mailbox, sessions that ended in silence, letters with nothing to press.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { house, infrastruktur, people, send } from "../support/house.mjs";
import { accessible, close, fill, login, noSidewaysScroll, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

/** Whether the way around the mailbox is on the page. */
const isAtHome = (page) => page.locator(".home nav.ways-around").count().then((count) => count === 1);

for (const way of ways) {
  describe(`somebody who is logged in, ${way.called}`, () => {
    let person;
    before(async () => {
      person = await visitor(way);
      await login(person.page, people.tolvan);
    });
    after(() => person?.done());

    for (const address of ["/hjalp", "/om", "/tillganglighet", "/villkor", "/finns-inte", "/brev/finns-inte", "/brev/0190a000-0000-7000-8000-000000000000"]) {
      test(`keeps the mailbox around ${address}`, async () => {
        const { page } = person;
        const answer = await page.goto(address);
        assert.ok(await isAtHome(page), address);
        if (/finns-inte|0190/.test(address)) {
          assert.equal(answer.status(), 404);
          await page.getByRole("heading", { level: 1, name: sv.fault.not_found, exact: true }).waitFor();
          assert.match(answer.headers()["cache-control"], /no-store/);
        }
        if (way.script) await accessible(page, address);
      });
    }

    test("a letter without subject and text can be found, opened and printed", async () => {
      const { page } = person;
      await send({ subject: " ", text: " " });
      await page.goto("/inkorg");
      if (way.script) await accessible(page, "inbox with an empty subject");
      await page.getByRole("link", { name: sv.letter.no_subject, exact: true }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.letter.no_subject, exact: true }).waitFor();
      assert.equal(await page.title(), fill(sv.letter.title, { subject: sv.letter.no_subject }));
      assert.match(await page.frameLocator("iframe").locator("body").innerText(), new RegExp(sv.letter.no_text));
      if (way.script) await accessible(page, "a letter with an empty subject");
      await page.goto(`${new URL(page.url()).pathname}/utskrift`);
      assert.match(await page.locator("main").innerText(), new RegExp(sv.letter.no_text));
      const print = page.getByRole("button", { name: sv.print.now });
      if (way.script) {
        await print.waitFor();
        await page.evaluate(() => { window.print = () => { document.title = "printed"; }; });
        await print.click();
        assert.equal(await page.title(), "printed");
      } else {
        assert.equal(await print.isVisible(), false);
        await page.getByText(sv.print.how).waitFor();
      }
      await page.goto("/vem-har-last");
      await page.getByRole("link", { name: sv.letter.no_subject, exact: true }).first().waitFor();
    });

    test("the headings of a printed letter skip no level, whatever its sender has chosen", async () => {
      const { page } = person;
      const html = path.join(house.home, `rubriker-${way.script}.html`);
      writeFileSync(html, "<html><body><h1>Beslut</h1><p>Ja.</p><h4>Så här</h4><p>Nej.</p></body></html>");
      const subject = `Med rubriker (${way.called})`;
      const file = path.join(house.home, `rubriker-${way.script}.txt`);
      writeFileSync(file, "x");
      await send({ subject, html, attach: [file] });
      await page.goto("/inkorg");
      await page.getByRole("link", { name: subject, exact: true }).first().click();
      await page.waitForURL(/\/brev\//);
      await page.goto(`${new URL(page.url()).pathname}/utskrift`);
      const headings = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((all) => all.map((one) => `${one.tagName[1]} ${one.innerText}`));
      assert.deepEqual(headings.slice(0, 3), [`1 ${subject}`, "2 Beslut", "3 Så här"]);
      const levels = headings.map((heading) => Number(heading[0]));
      levels.forEach((level, n) => assert.ok(level <= (levels[n - 1] ?? 0) + 1, headings.join(", ")));
      if (way.script) await accessible(page, "a printed letter");
    });

    test("a picture that comes with a letter is shown, and runs nothing", async () => {
      const { page, context } = person;
      const picture = path.join(house.home, `karta-${way.script}.png`);
      const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
      writeFileSync(picture, Buffer.from(pixel, "base64"));
      const subject = `Med en karta (${way.called})`;
      await send({ subject, attach: [picture] });
      await page.goto("/inkorg");
      await page.getByRole("link", { name: subject, exact: true }).first().click();
      await page.waitForURL(/\/brev\//);
      const [shown] = await Promise.all([
        context.waitForEvent("page"),
        page.getByRole("link", { name: new RegExp(`^${sv.letter.open}.*karta`) }).click(),
      ]);
      await shown.waitForLoadState();
      assert.equal(await shown.locator("img").evaluate((image) => image.naturalWidth), 1);
      const answer = await context.request.get(shown.url());
      assert.equal(answer.headers()["content-type"], "image/png");
      assert.match(answer.headers()["content-security-policy"], /default-src 'none'.*sandbox/);
      await shown.close();
    });

    test("whose session has run out is told so, also by a form", async () => {
      const { page, context } = person;
      await page.goto("/inkorg?visa=bilaga");
      await page.locator('main a[href^="/brev/"]').first().click();
      await page.waitForURL(/\/brev\//);
      const cookies = await context.cookies();
      await context.addCookies(cookies.map((cookie) => (
        cookie.httpOnly ? { ...cookie, value: "A".repeat(cookie.value.length) } : cookie)));
      await page.getByRole("button", { name: sv.letter.mark_unread }).click();
      await page.waitForURL(/\/utloggad\?skal=tid$/);
      await page.goto("/inkorg");
      await page.waitForURL(/\/utloggad\?skal=tid$/);
      await page.getByText(sv.signed_out.idle_text).waitFor();
    });
  });
}

describe("somebody who is not logged in", () => {
  test("sees the same page where nothing is, in the open", async () => {
    const { page, done } = await visitor();
    const answer = await page.goto("/finns-inte");
    assert.equal(answer.status(), 404);
    assert.equal(await isAtHome(page), false);
    await page.getByRole("link", { name: sv.foot.accessibility, exact: true }).waitFor();
    await page.goto("/om");
    const source = page.getByRole("link", { name: sv.about.source, exact: true });
    assert.equal(await source.getAttribute("href"), house.environment.BREVLADA__WEB__SOURCE_URL);
    await done();
  });
});

describe("the layout", () => {
  test("has no second scroll beside the list, and no names in two", async () => {
    const { page, done } = await visitor({ width: 1440, height: 900 });
    await page.goto("/");
    const isWhole = () => page.locator(".way > span").first().evaluate((name) => {
      const range = document.createRange();
      const text = name.firstChild;
      return text.data.split(" ").every((word) => {
        range.setStart(text, text.data.indexOf(word));
        range.setEnd(text, text.data.indexOf(word) + word.length);
        return range.getClientRects().length === 1;
      });
    });
    for (const width of [1440, 390, 320]) {
      await page.setViewportSize({ width, height: 900 });
      assert.ok(await isWhole(), `the first button at ${width} px`);
      await shot(page, `start-${width}`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await login(page, people.tolvan);
    const over = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    assert.ok(over <= 0, `the inbox is ${over} px higher than the window`);
    await shot(page, "inbox-1440");
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto("/installningar");
      await noSidewaysScroll(page, `settings at ${width}`);
      const text = await page.locator("#sprak").evaluate((heading) => heading.parentElement.getBoundingClientRect().width);
      assert.ok(text > width / 2, `the text about languages is ${text} px wide at ${width}`);
      await shot(page, `settings-${width}`);
    }
    await done();
  });
});

describe("a letter that cannot be sent", () => {
  test("is refused in plain words", async () => {
    await assert.rejects(send({ to: people.agnes.number, subject: "Hej" }), /Grannpost.*exists only in this demonstration/s);
    await assert.rejects(infrastruktur("load", "--connections", "0"), /at least 1/);
    await assert.rejects(infrastruktur("load", "--size", "3000000", "--count", "1"), /2 MB/);
    const was = house.environment.INFRASTRUKTUR__PKI__DIR;
    house.environment.INFRASTRUKTUR__PKI__DIR = path.join(house.home, "nowhere");
    await assert.rejects(send({ subject: "Hej" }), /no demonstration certificates.*make run/s);
    house.environment.INFRASTRUKTUR__PKI__DIR = was;
  });
});
