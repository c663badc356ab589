// Single keys press what is on the page, and nothing while somebody types. Without JavaScript there is the list of them, and all else.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { people, send } from "../support/house.mjs";
import { accessible, close, login, noSidewaysScroll, shot, visitor, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

describe("keys", () => {
  let person;
  const subjects = ["Tangentbrev ett", "Tangentbrev två", "Tangentbrev tre", "Tangentbrev fyra"];

  before(async () => {
    for (const subject of subjects.toReversed()) await send({ subject, text: `Texten i ${subject}.` });
    person = await visitor();
    await login(person.page, people.tolvan);
  });
  after(() => person?.done());

  const press = (...keys) => keys.reduce((before, key) => before.then(() => person.page.keyboard.press(key)), Promise.resolve());
  const focused = () => person.page.evaluate(() => document.activeElement.textContent.trim());
  const heading = (name) => person.page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  const inbox = async () => {
    await person.page.goto("/inkorg");
    await person.page.locator("dialog.key-sheet").waitFor({ state: "attached" });
    await person.page.waitForLoadState("networkidle");
  };

  test("down and up the list, into a letter, to its neighbour, and back", async () => {
    const { page } = person;
    await inbox();
    await press("j");
    assert.equal(await focused(), subjects[0]);
    await press("j", "j", "k");
    assert.equal(await focused(), subjects[1]);
    await press("o");
    await heading(subjects[1]);
    await press("j");
    await heading(subjects[2]);
    await press("k");
    await heading(subjects[1]);
    await press("g", "i");
    await heading(sv.inbox.title);
    await press("j");
    assert.equal(await focused(), subjects[2], "after the one that was stood on last");
    await press("g", "b");
    await page.waitForURL(/\/papperskorg/);
  });

  test("a letter of the list is archived, the focus goes to the next, and z takes it back", async () => {
    const { page } = person;
    await inbox();
    await press("j", "e");
    await page.getByRole("link", { name: subjects[0], exact: true }).waitFor({ state: "detached" });
    await page.waitForFunction((next) => document.activeElement.textContent.trim() === next, subjects[1]);
    await press("z");
    await page.getByRole("link", { name: subjects[0], exact: true }).waitFor();
  });

  test("several that are picked get a star together, and # asks first", async () => {
    const { page } = person;
    await inbox();
    await press("j", "x", "j", "x");
    assert.equal(await page.locator("[name='brev[]']:checked").count(), 2);
    await press("s");
    await page.waitForURL(/gjort=|sag=/);
    for (const subject of subjects.slice(0, 2)) {
      await page.locator(".letter-row", { hasText: subject }).getByText(sv.sort.has_star).waitFor();
    }
    await press("j", "#");
    await page.waitForURL(/\/slang/);
  });

  test("an open letter is marked unread and archived by its own buttons", async () => {
    const { page } = person;
    await inbox();
    await page.getByRole("link", { name: subjects[3], exact: true }).click();
    await heading(subjects[3]);
    await press("u");
    await page.waitForURL(/\/inkorg\?sag=olast/);
    await page.getByRole("link", { name: subjects[3], exact: true }).click();
    await heading(subjects[3]);
    await press("e");
    await page.getByRole("link", { name: subjects[3], exact: true }).waitFor({ state: "detached" });
    await press("z");
    await page.getByRole("link", { name: subjects[3], exact: true }).waitFor();
  });

  test("who types, and who holds another key down, is left alone", async () => {
    const { page } = person;
    await inbox();
    await press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "sok-q");
    await page.keyboard.type("gje#?");
    assert.equal(await page.locator("#sok-q").inputValue(), "gje#?");
    await page.locator("main").focus();
    for (const combined of ["Control+j", "Alt+j", "Meta+j", "Shift+j"]) {
      await press(combined);
      assert.equal(await page.evaluate(() => document.activeElement.tagName), "MAIN", combined);
    }
    assert.match(page.url(), /\/inkorg$/);
  });

  test("? shows the list above the page, and Escape puts it away", async () => {
    const { page } = person;
    await inbox();
    await press("?");
    const sheet = page.getByRole("dialog", { name: sv.keys.title });
    await sheet.getByText(sv.keys.unread, { exact: true }).waitFor();
    await accessible(page, "the sheet of keys");
    await shot(page, "keys-sheet");
    await press("j");
    assert.equal(await page.locator("[data-row]:focus").count(), 0, "nothing moves behind it");
    await press("Escape");
    await sheet.waitFor({ state: "hidden" });
    await press("j");
    assert.equal(await focused(), subjects[0]);
  });

  test("turned off, they do nothing, and on again they do", async () => {
    const { page } = person;
    await page.goto("/installningar");
    await page.getByRole("button", { name: sv.keys.turn_off }).click();
    await page.getByText(sv.keys.off).waitFor();
    await shot(page, "keys-off");
    await page.goto("/inkorg");
    await page.waitForLoadState("networkidle");
    await press("j", "?");
    assert.equal(await page.locator("[data-row]:focus, dialog.key-sheet").count(), 0);
    await page.goto("/installningar");
    await page.getByRole("button", { name: sv.keys.turn_on }).click();
    await page.getByText(sv.keys.on).waitFor();
    await inbox();
    await press("j");
    assert.equal(await focused(), subjects[0]);
    assert.deepEqual(person.wrongs, []);
  });

  test("without JavaScript the list is a page, and the switch works", async () => {
    const plain = await visitor({ script: false, width: 320, height: 640 });
    await login(plain.page, people.tolvan);
    await plain.page.getByRole("contentinfo").getByRole("link", { name: sv.foot.help, exact: true }).click();
    await plain.page.getByRole("main").getByRole("link", { name: sv.keys.title, exact: true }).click();
    await plain.page.getByRole("heading", { level: 1, name: sv.keys.title }).waitFor();
    await plain.page.getByText(sv.keys.archive, { exact: true }).waitFor();
    await noSidewaysScroll(plain.page, "the list of keys");
    await plain.page.getByRole("button", { name: sv.keys.turn_off }).click();
    await plain.page.getByText(sv.keys.off).waitFor();
    await plain.done();
  });
});
