// With JavaScript a page turns without a full reload; focus, place, title and history are as after one.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { house, infrastruktur, people, send } from "../support/house.mjs";
import { close, login, openLetter, visitor, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

describe("turning a page", () => {
  let person;
  const subjects = Array.from({ length: 12 }, (_, n) => `Vändbart brev ${n + 1}`);

  before(async () => {
    for (const subject of subjects) await send({ subject, text: `Texten i ${subject}.` });
    person = await visitor({ width: 390, height: 844 });
    await login(person.page, people.tolvan);
  });
  after(() => person?.done());

  /** Leaves a mark that a full reload would wipe out. */
  const mark = () => person.page.evaluate(() => { window.marked = true; });
  const isMarked = () => person.page.evaluate(() => window.marked === true);
  const focused = () => person.page.evaluate(() => document.activeElement.tagName);

  test("opening a letter and going back keeps the place in the list", async () => {
    const { page } = person;
    await page.goto("/inkorg");
    await mark();
    const link = page.getByRole("link", { name: subjects[1], exact: true });
    await link.scrollIntoViewIfNeeded();
    const place = await page.evaluate(() => Math.round(window.scrollY));
    assert.ok(place > 200, `the list was scrolled: ${place}`);
    await link.click();
    await page.waitForURL(/\/brev\/[^/]+$/);
    await page.getByRole("heading", { level: 1, name: subjects[1] }).waitFor();
    assert.match(await page.title(), new RegExp(subjects[1]));
    assert.equal(await focused(), "MAIN");
    assert.equal(await page.evaluate(() => window.scrollY), 0);
    assert.match(await page.frameLocator("iframe").locator("body").innerText(), new RegExp(`Texten i ${subjects[1]}`));
    const frame = await page.locator("iframe").evaluate((element) => element.getBoundingClientRect().height);
    assert.ok(frame > 20 && frame < 300, `the frame is as high as its text: ${frame}`);
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: sv.inbox.title }).waitFor();
    await page.waitForFunction((was) => Math.abs(window.scrollY - was) < 40, place);
    assert.ok(await isMarked(), "nothing was reloaded");
  });

  test("marking unread and a filter need no reload either", async () => {
    const { page } = person;
    await openLetter(page, subjects[3]);
    await mark();
    await page.getByRole("button", { name: sv.letter.more, exact: true }).click();
    await page.getByRole("button", { name: sv.letter.mark_unread }).click();
    await page.getByText(sv.inbox.marked, { exact: true }).first().waitFor();
    await page.getByRole("link", { name: new RegExp(`^${sv.inbox.unread}`) }).first().click();
    await page.waitForURL(/visa=olasta/);
    await page.getByRole("link", { name: subjects[3], exact: true }).waitFor();
    assert.ok(await isMarked(), "nothing was reloaded");
  });

  test("what was pressed last is what is shown, when an earlier answer comes late", async () => {
    const { page, context } = person;
    await page.goto("/inkorg");
    await mark();
    // The script is awake: it has taken over where the page was.
    await page.waitForFunction(() => history.scrollRestoration === "manual");
    let askedFor, answerLate;
    const asked = new Promise((done) => { askedFor = done; });
    const late = new Promise((done) => { answerLate = done; });
    await context.route(`${house.web}/brev/**`, async (route) => {
      askedFor();
      const response = await route.fetch();
      await late;
      await route.fulfill({ response });
    });
    await page.getByRole("link", { name: subjects[2], exact: true }).click({ noWaitAfter: true });
    await asked;
    await page.getByRole("link", { name: new RegExp(`^${sv.inbox.unread}`) }).first().click();
    await page.waitForURL(/visa=olasta/);
    const answered = page.waitForResponse(/\/brev\//);
    answerLate();
    await (await answered).finished();
    // Two pictures later whatever the answer leads to would have been shown.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200))));
    assert.match(page.url(), /visa=olasta/);
    assert.equal(await page.getByRole("heading", { level: 1, name: subjects[2] }).count(), 0);
    assert.ok(await isMarked(), "nothing was reloaded");
    await context.unrouteAll();
  });

  test("a session that has ended elsewhere leads out at the next turn", async () => {
    const { page, context } = person;
    await page.goto("/inkorg");
    const cookies = await context.cookies();
    await context.clearCookies();
    await page.getByRole("link", { name: subjects[0], exact: true }).click();
    await page.waitForURL((url) => ["/", "/utloggad"].includes(url.pathname));
    assert.doesNotMatch(await page.content(), /Tolvan|Vändbart/);
    await context.addCookies(cookies);
  });

  test("a server that cannot be reached is said, and the page stays", async () => {
    const { page, context } = person;
    await page.goto("/inkorg");
    await context.route(`${house.web}/brev/**`, (route) => route.abort());
    await page.getByRole("link", { name: subjects[0], exact: true }).click();
    await page.getByText(sv.fault.unreachable).waitFor();
    assert.equal(new URL(page.url()).pathname, "/inkorg");
    await context.unrouteAll();
    await page.getByRole("link", { name: subjects[0], exact: true }).click();
    await page.waitForURL(/\/brev\//);
    await page.getByText(sv.fault.unreachable).waitFor({ state: "hidden" });
  });
});

describe("a list that has more pages", () => {
  test("begins the next page at its top, and stays where it was when a letter is opened", async () => {
    await infrastruktur("load", "--count", "60", "--connections", "4", "--size", "100", "--to", people.tolvan.number);
    const { page, done } = await visitor({ width: 1440, height: 900 });
    await login(page, people.tolvan);
    const scrolled = () => page.locator(".lists").evaluate((list) => list.scrollTop);
    const older = page.getByRole("link", { name: sv.inbox.older, exact: true });
    await older.scrollIntoViewIfNeeded();
    assert.ok((await scrolled()) > 500);
    await older.click();
    await page.waitForURL(/fore=/);
    await page.waitForFunction(() => document.querySelector(".lists").scrollTop === 0);
    await page.goto("/inkorg");
    const row = page.locator('.letter-row a[href^="/brev/"]').nth(20);
    await row.scrollIntoViewIfNeeded();
    const place = await scrolled();
    await row.click();
    await page.waitForURL(/\/brev\//);
    await page.locator("iframe").waitFor();
    assert.ok(Math.abs((await scrolled()) - place) < 5, "the list stays");
    await done();
  });
});
