// Finding a letter again: by its words, by a PDF's words, by form alone, and without anybody else learning what was looked for.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { house, people, send } from "../support/house.mjs";
import { accessible, close, fill, inLanguage, login, noSidewaysScroll, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv.search;

/** A PDF, printed by the browser. */
async function printed(name, html) {
  const { page, done } = await visitor();
  await page.setContent(html);
  const file = path.join(house.home, name);
  writeFileSync(file, await page.pdf({ format: "A4" }));
  await done();
  return file;
}

/** Asks until the letter that was sent last has been indexed. */
async function findable(page, text) {
  for (let tries = 0; tries < 60; tries += 1) {
    await page.goto(`/sok?q=${encodeURIComponent(text)}`);
    if (await page.locator(".hit").count()) return;
    await sleep(250);
  }
  assert.fail(`${text} was not found`);
}

before(async () => {
  const decision = await printed("Beslut om färdtjänst.pdf", `<!doctype html><meta charset="utf-8"><h1>Beslut om färdtjänst</h1>
    <p>Du beviljas färdtjänst.</p><p style="break-before: page">Ett överklagande skickas till förvaltningsrätten.</p>`);
  const broken = path.join(house.home, "Trasig.pdf");
  writeFileSync(broken, readFileSync(decision).subarray(0, 900));
  for (let n = 1; n <= 23; n += 1) await send({ subject: `Kvartalsbrev ${n}`, text: "Kvartalsavgiften är ändrad." });
  await send({ subject: "Du får färdtjänst", text: "Beslutet ligger i bilagan.", attach: [decision, broken] });
  await send({ subject: "Du får trygghetslarm", text: "Vi kommer hem till dig den 1 april och visar hur larmet fungerar." });
});

for (const { script, called } of ways) {
  describe(`search ${called}`, () => {
    let person;
    before(async () => {
      person = await visitor({ script, width: 390, height: 844 });
      await login(person.page, people.tolvan);
      await findable(person.page, "trygghetslarm");
    });
    after(() => person?.done());

    test("from the inbox to the letter, by a part of a word", async () => {
      const { page } = person;
      await page.goto("/inkorg");
      await page.getByLabel(sv.field).fill("larm april");
      await page.getByRole("button", { name: sv.button, exact: true }).click();
      await page.waitForURL(/\/sok\?/);
      await page.getByRole("heading", { name: sv.one, exact: true }).waitFor();
      assert.match(await page.title(), new RegExp(`^${sv.one} – ${sv.title} – brevlada`));
      assert.doesNotMatch(await page.title(), /larm/);
      assert.deepEqual(await page.locator(".hit h3 mark").allInnerTexts(), ["trygghetslarm"]);
      assert.deepEqual(await page.locator(".hit q mark").allInnerTexts(), ["april", "larmet"]);
      await shot(page, `search-hits-${script ? "script" : "plain"}`);
      await page.getByRole("link", { name: /trygghetslarm/ }).click();
      await page.waitForURL(/\/brev\//);
      await page.goBack();
      await page.getByRole("heading", { name: sv.one, exact: true }).waitFor();
      assert.equal(await page.getByLabel(sv.field).inputValue(), "larm april");
    });

    test("words inside a PDF are found, with the page they are on", async () => {
      const { page } = person;
      await findable(page, "förvaltningsrätten");
      await page.getByText(fill(sv.in_file, { file: "Beslut om färdtjänst.pdf", page: 2 })).waitFor();
      assert.deepEqual(await page.locator(".hit q mark").allInnerTexts(), ["förvaltningsrätten"]);
    });

    test("an attachment that cannot be read is named", async () => {
      const { page } = person;
      await page.goto("/sok");
      await page.getByText(sv.how, { exact: true }).waitFor();
      await page.getByText(sv.lacking, { exact: true }).click();
      await page.getByText("Trasig.pdf").first().waitFor();
      assert.match(await page.locator(".lacking").innerText(), new RegExp(sv.broken));
    });

    test("pages follow each other, and the count holds on both", async () => {
      const { page } = person;
      await page.goto("/sok?q=kvartalsavgift");
      const heading = page.getByRole("heading", { name: fill(sv.many, { n: 23 }), exact: true });
      await heading.waitFor();
      const subjects = await page.locator(".hit h3").allInnerTexts();
      await page.getByRole("link", { name: sv.older }).click();
      await page.waitForURL(/fore=/);
      await heading.waitFor();
      subjects.push(...await page.locator(".hit h3").allInnerTexts());
      assert.equal(new Set(subjects).size, 23);
      await page.getByText(sv.all).waitFor();
    });

    test("letters that were found are read one after the other, beside the search", async () => {
      const { page } = person;
      await page.goto("/sok?q=kvartalsavgift");
      const subjects = await page.locator(".hit h3").allInnerTexts();
      await page.locator(".hit h3 a").first().click();
      await page.getByRole("heading", { level: 1, name: subjects[0], exact: true }).waitFor();
      await page.locator(".neighbours [rel=next]").click();
      await page.getByRole("heading", { level: 1, name: subjects[1], exact: true }).waitFor();
      await page.setViewportSize({ width: 1280, height: 844 });
      await page.getByRole("heading", { level: 2, name: sv.found, exact: true }).waitFor();
      assert.equal(await page.locator(".letter-row").count(), 20);
      await shot(page, `search-beside-${script ? "script" : "plain"}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole("link", { name: sv.found, exact: true }).click();
      await page.getByRole("heading", { name: fill(sv.many, { n: 23 }), exact: true }).waitFor();
    });

    test("all that was found is archived, and taken back", async () => {
      const { page } = person;
      await page.goto("/sok?q=kvartalsavgift");
      await page.locator(".hit").first().getByRole("checkbox").check();
      await page.getByLabel(words.sv.sort.all_found).check();
      await shot(page, `search-picked-${script ? "script" : "plain"}`);
      await page.locator(".pickbar").getByRole("button", { name: words.sv.sort.archive, exact: true }).click();
      await page.getByText(fill(words.sv.done.moved_many, { n: 23, place: words.sv.folders.the_archive })).waitFor();
      await page.getByRole("heading", { name: fill(sv.many, { n: 23 }), exact: true }).waitFor();
      await page.getByRole("button", { name: words.sv.done.undo, exact: true }).click();
      await page.getByText(words.sv.done.undone).waitFor();
    });

    test("filters, words that are nowhere, and words that are short", async () => {
      const { page } = person;
      await page.goto("/sok?q=färdtjänst");
      await page.getByText(sv.refine, { exact: true }).click();
      await page.getByLabel(sv.attachment).check();
      await page.getByLabel(sv.from).fill("2020-01-01");
      await page.getByRole("button", { name: sv.apply }).click();
      await page.waitForURL(/bilaga=1/);
      await page.getByRole("heading", { name: sv.one, exact: true }).waitFor();
      assert.ok(await page.getByLabel(sv.attachment).isChecked(), "the filter is still in sight");
      await page.goto("/sok?q=bygglovshandling");
      await page.getByText(fill(sv.unknown, { words: "”bygglovshandling”" })).waitFor();
      await page.getByRole("heading", { name: sv.none, exact: true }).waitFor();
      await page.goto("/sok?q=hy");
      await page.getByText(fill(sv.short, { words: "”hy”" })).waitFor();
    });

    test("addresses that were tampered with are answered in peace", async () => {
      const { page } = person;
      for (const address of ["/sok?av=zz", "/sok?var=hitta-pa", "/sok?fran=2026-02-31", "/sok?fore=abc&q=larm", `/sok?q=${"x".repeat(5000)}`]) {
        const answer = await page.goto(address);
        assert.ok(answer.status() < 500, `${address.slice(0, 30)}: ${answer.status()}`);
      }
    });

    test("days that cannot be are told beside their field, and what was typed stays", async () => {
      const { page } = person;
      for (const [address, field, text, value] of [
        ["/sok?q=larm&fran=2026-02-31", sv.from, words.sv.day.not_a_day, "2026-02-31"],
        ["/sok?q=larm&till=snart", sv.until, words.sv.day.not_a_day, "snart"],
        ["/sok?q=larm&fran=2026-05-02&till=2026-05-01", sv.until, words.sv.day.backwards, "2026-05-01"],
      ]) {
        await page.goto(address);
        const input = page.getByLabel(field, { exact: true });
        assert.equal(await input.inputValue(), value, address);
        assert.equal(await input.getAttribute("aria-invalid"), "true");
        assert.equal(await page.locator(`#${await input.getAttribute("aria-describedby")}`).innerText(), text);
        assert.equal(await page.locator(".hits").count(), 0, "nothing is found by half a question");
        assert.equal(await page.getByRole("searchbox").inputValue(), "larm");
        if (script) await accessible(page, address);
      }
      await page.goto("/sok?q=larm&fran=2020-05-02&till=2020-05-02");
      assert.equal(await page.locator("[aria-invalid]").count(), 0);
      await page.locator(".hits").waitFor();
    });

    test("somebody else finds nothing of it", async () => {
      const other = await visitor({ script });
      await login(other.page, people.bertil);
      if (new URL(other.page.url()).pathname === "/villkor") {
        await other.page.getByLabel(words.sv.terms.agree).check();
        await other.page.getByRole("button", { name: words.sv.terms.open, exact: true }).click();
        await other.page.waitForURL(/\/inkorg/);
      }
      await other.page.goto("/sok?q=trygghetslarm");
      await other.page.getByRole("heading", { name: sv.none, exact: true }).waitFor();
      await other.done();
    });
  });
}

test("every look of the search stands up to axe, also wide, dark and in English", async () => {
  for (const [called, look] of Object.entries({ wide: {}, narrow: { width: 320, height: 640, colours: "dark" }, plain: { blocked: true } })) {
    const { page, done } = await visitor(look);
    await login(page, people.tolvan);
    for (const address of ["/sok", "/sok?q=kvartalsavgift", "/sok?q=larm&olast=1", "/sok?q=finnsinte"]) {
      await page.goto(address);
      await accessible(page, `${address} ${called}`);
      await noSidewaysScroll(page, `${address} ${called}`);
    }
    await page.goto("/sok?q=färdtjänst&bilaga=1");
    await shot(page, `search-${called}`);
    await inLanguage(page, "en", "/sok");
    await page.getByText(words.en.search.how, { exact: true }).waitFor();
    await accessible(page, `in English ${called}`);
    await shot(page, `search-how-${called}`);
    await done();
  }
});

test("what was searched for is in no log", () => {
  const log = readFileSync(path.join(house.logs, "brevlada.log"), "utf8");
  for (const word of ["trygghetslarm", "bygglovshandling", "f%C3%A4rdtj%C3%A4nst", "kvartalsavgift"]) {
    assert.ok(!log.includes(word), `the log says ${word}`);
  }
  assert.ok(log.includes("/sok"), "and yet it has the route");
});
