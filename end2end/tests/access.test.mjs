// For everybody: axe on each page, a phone's 320 px, the keyboard alone, dark colours.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import { accessible, close, letters, login, noSidewaysScroll, openLetter, shot, visitor, words } from "../support/browser.mjs";

after(close);
const open = [
  "/", "/hjalp", "/om", "/tillganglighet", "/villkor", "/utloggad", "/logga-in/fel", "/finns-inte", "/nyheter", "/tyck-till", "/integritet",
  "/hjalp/tangenter", "/utan-nat",
];
const own = [
  "/inkorg", "/inkorg?visa=olasta", "/inkorg?ordning=olasta-forst", "/arkiv", "/stjarnor", "/papperskorg", "/papperskorg/tom", "/flytta", "/slang",
  "/sok", "/sok?q=x", "/installningar", "/inkorg?ordning=avsandare", "/inkorg?ordning=rubrik", "/kategorisera", "/installningar/mappar",
  "/installningar/kategorier", "/installningar/regler", "/installningar/avisering", "/installningar/sessioner", "/installningar/mottagning",
  "/vem-har-last", "/arenden", "/betala", "/installningar/export", "/installningar/vidarebefordran", "/vidarebefordrat", "/installningar/kontakt",
  "/installningar/avisering/regel", "/installningar/avisering/logg", "/installningar/brevlada", "/installningar/brevlada/avsluta",
  "/installningar/utseende", "/installningar/ombud", "/hos",
];

describe("every page", () => {
  // Colours do not hang on how wide a page is: each set of them is looked at once.
  const looks = {
    wide: {}, narrow: { width: 320, height: 640, colours: "dark" }, plain: { blocked: true },
  };
  const axe = (page, address, called) => accessible(page, `${address} ${called}`, { colours: called !== "plain" });
  const holder = {}, guest = {};
  before(async () => {
    await send({ subject: "Ett ovanligt långt ord: Tillgänglighetsredogörelsegranskningsutlåtande", text: "x ".repeat(400) });
    for (const [called, look] of Object.entries(looks)) {
      [holder[called], guest[called]] = [await visitor(look), await visitor(look)];
      await login(holder[called].page, people.tolvan);
    }
  });
  after(() => Promise.all([...Object.values(holder), ...Object.values(guest)].map((person) => person.done())));

  for (const address of [...open, ...own]) {
    test(`${address} stands up to axe and fits on 320 px`, async () => {
      for (const [called, { page }] of Object.entries(open.includes(address) ? guest : holder)) {
        await page.goto(address);
        await axe(page, address, called);
        await noSidewaysScroll(page, `${address} ${called}`);
      }
    });
  }

  test("a letter stands up to axe and fits on 320 px, its text and its print too", async () => {
    for (const [called, { page }] of Object.entries(holder)) {
      await page.goto("/inkorg");
      await noSidewaysScroll(page, `inbox ${called}`);
      await shot(page, `inbox-${called}`);
      const [letter] = await letters(page);
      await page.goto(letter);
      await axe(page, "letter", called);
      await noSidewaysScroll(page, `letter ${called}`);
      await shot(page, `letter-${called}`);
      const links = await page.locator("main a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
      // The text alone runs no script by its own policy, so axe cannot look at it; it is the sender's anyway.
      for (const part of links.filter((href) => href === `${letter}/utskrift`)) {
        await page.goto(part);
        await axe(page, part, called);
        await noSidewaysScroll(page, `${part} ${called}`);
      }
    }
  });

  test("every page says where one is, in its title and one heading", async () => {
    const titles = new Set();
    for (const address of [...open, ...own]) {
      const { page } = open.includes(address) ? guest.wide : holder.wide;
      await page.goto(address);
      titles.add(await page.title());
      assert.equal(await page.locator("h1").count(), 1, `${address} has one h1`);
      assert.match(await page.title(), /brevlada/, address);
    }
    assert.ok(titles.size >= open.length, "titles differ");
  });

  test("a letter is read by keyboard alone", async () => {
    const { page } = holder.wide;
    await page.goto("/inkorg");
    await page.keyboard.press("Tab");
    const first = page.locator(":focus");
    assert.equal((await first.innerText()).trim(), words.sv.skip);
    await page.keyboard.press("Enter");
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press("Tab");
      const href = await page.locator(":focus").getAttribute("href").catch(() => null);
      if (href && /^\/brev\/[^/]+$/.test(href)) break;
    }
    const focused = page.locator(":focus");
    const outlined = () => focused.evaluate((element) => {
      const of = (e, pseudo) => getComputedStyle(e, pseudo);
      return [element, element.closest(".letter-row") ?? element].flatMap((e) => [of(e), of(e, "::after"), of(e, "::before")])
        .some((style) => parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none");
    });
    // A page that comes to life while keys are pressed may draw it a moment later.
    const until = Date.now() + 5_000;
    while (!(await outlined())) {
      const where = await focused.evaluate((element) => element.outerHTML.slice(0, 200));
      assert.ok(Date.now() < until, `the focus is seen on ${where}`);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/brev\/[^/]+$/);
    await page.locator("iframe").first().waitFor();
  });
});
