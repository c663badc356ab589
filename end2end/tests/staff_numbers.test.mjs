// The staff's numbers: what happens is counted, told as pictures, tables and a file, and points to nobody.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { people } from "../support/house.mjs";
import {
  accessible, close, fill, inLanguage, login, loginStaff, noSidewaysScroll, shot, visitor, ways, words,
} from "../support/browser.mjs";

after(close);
const { sv, en } = words;

/** The day in Sweden, as the file writes it. */
const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm" }).format(new Date());

/** The lines of the file, each in its columns. */
async function file(page) {
  const answer = await page.request.get("/admin/siffror.csv");
  assert.equal(answer.status(), 200);
  assert.match(answer.headers()["content-type"], /^text\/csv/);
  assert.match(answer.headers()["content-disposition"], /siffror\.csv/);
  return (await answer.text()).trim().split("\r\n").map((line) => line.split(","));
}

for (const way of ways) {
  describe(`the numbers, ${way.called}`, () => {
    test("a search is counted, and nobody is pointed to", async () => {
      const person = await visitor(way);
      await login(person.page, people.tolvan);
      await person.page.goto("/sok?q=bygglov");
      await person.done();

      const { page, wrongs, done } = await visitor(way);
      await loginStaff(page, people.ivar);
      await page.getByRole("link", { name: sv.admin.numbers }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.admin.numbers, exact: true }).waitFor();
      assert.equal(new URL(page.url()).pathname, "/admin/siffror");
      assert.equal(await page.locator("main figcaption").count(), 12, "each number has words");
      // What has nothing to show yet has no picture.
      const pictures = await page.locator("main").getByRole("img").count();
      assert.equal(pictures, 12 - (await page.locator("main figcaption", { hasText: sv.admin_numbers.none }).count()), "and a picture");
      const told = page.locator("section", { has: page.locator("#sokningar") });
      await told.locator("summary").focus();
      await page.keyboard.press("Enter");
      const first = told.locator("tbody tr").first();
      await first.waitFor();
      assert.equal(await first.locator("time").getAttribute("datetime"), today());
      // Other stories search in this house, too: five people are told of as a number.
      const cells = await first.locator("td.number").allInnerTexts();
      assert.ok(cells.every((cell) => cell.includes(sv.admin_numbers.few) || /^\D*(0|[5-9]|\d\d+)$/.test(cell.trim())), cells.join());
      assert.ok(cells.some((cell) => !/^\D*0$/.test(cell.trim())), `the search is there: ${cells}`);
      if (way.script) await accessible(page, "numbers with a table");
      await shot(page, `staff-numbers-${way.script}`);

      const [heads, ...days] = await file(page);
      assert.equal(heads[0], "day");
      assert.equal(heads.length, 13);
      assert.equal(days.length, 30);
      assert.equal(days.at(-1)[0], today());
      const searches = days.at(-1).filter((_, column) => heads[column].startsWith("searches-"));
      assert.ok(searches.some((told) => told === "few" || Number(told) >= 5), searches.join());
      await page.goto("/admin/granskning?akt=exported-numbers");
      assert.match(await page.locator("tbody tr").first().innerText(), /Ivar Isberg/);
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("whoever has another role finds no way there, and is told so", async () => {
      const { page, done } = await visitor(way);
      await loginStaff(page, people.hanna);
      assert.equal(await page.getByRole("link", { name: sv.admin.numbers, exact: true }).count(), 0);
      await page.goto("/admin/siffror");
      await page.getByRole("heading", { level: 1, name: sv.admin.not_allowed }).waitFor();
      assert.equal((await page.request.get("/admin/siffror.csv")).status(), 403);
      await done();
    });
  });
}

describe("the numbers", () => {
  test("fit on a phone, in the dark and in English, with every table open", async () => {
    for (const [called, look] of Object.entries({ narrow: { width: 320, height: 640 }, dark: { colours: "dark" } })) {
      const { page, wrongs, done } = await visitor(look);
      await loginStaff(page, people.ivar);
      await inLanguage(page, "en", "/admin/siffror");
      await page.getByRole("heading", { level: 1, name: en.admin.numbers, exact: true }).waitFor();
      for (const summary of await page.locator("main summary").all()) await summary.click();
      await page.getByRole("table", { name: en.admin_numbers.notices }).waitFor();
      assert.equal(await page.getByText(fill(en.admin_numbers.table, { what: en.admin_numbers.mail })).count(), 1);
      await accessible(page, `numbers ${called}`);
      await noSidewaysScroll(page, `numbers ${called}`);
      await shot(page, `staff-numbers-en-${called}`);
      assert.deepEqual(wrongs, []);
      await done();
    }
  });
});
