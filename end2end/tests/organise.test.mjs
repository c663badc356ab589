// Order in the mailbox: folders, picking letters, the bin, undo; with and without JavaScript.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { house, people, send } from "../support/house.mjs";
import { run } from "../support/run.mjs";
import { accessible, close, fill, login, noSidewaysScroll, openLetter, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

for (const way of ways) {
  describe(`order ${way.called}`, () => {
    let person;
    const mark = way.script ? "S" : "U";
    const [first, second, third] = ["Bygglov", "Avgift", "Kallelse"].map((word) => `${word} ${mark}`);
    const folder = `Hemmet ${mark}`;
    // A word that begins no other letter's words.
    const late = `Sent ${mark.repeat(3)}`;

    before(async () => {
      for (const subject of [first, second, third]) await send({ subject, text: `Texten i ${subject}.` });
      person = await visitor(way);
      await login(person.page, people.tolvan);
    });
    after(() => person?.done());

    const row = (subject) => person.page.locator(".letter-row", { hasText: subject });
    const pick = (subject) => row(subject).getByRole("checkbox").check();
    const press = (name) => person.page.locator(".pickbar").getByRole("button", { name, exact: true }).click();
    const folderLink = (name) => person.page.locator(".folders").getByRole("link", { name });
    // axe is a script, and needs a page where scripts may run.
    const axe = (page, called) => way.script && accessible(page, called);
    const said = (text) => person.page.getByText(text).first().waitFor();

    test("a folder is made, and stands in the door", async () => {
      const { page } = person;
      await page.goto("/installningar/mappar");
      await page.locator("#mapp-ny").getByLabel(sv.folders.name).fill(folder);
      await page.getByRole("button", { name: sv.folders.make_now }).click();
      await said(sv.folders.made);
      await folderLink(folder).waitFor();
      await axe(page, "folders");
    });

    test("the same name twice is refused beside the field", async () => {
      const { page } = person;
      const form = page.locator("#mapp-ny");
      await form.getByLabel(sv.folders.name).fill(folder.toUpperCase());
      await form.getByRole("button", { name: sv.folders.make_now }).click();
      await form.getByText(sv.folders.name_taken).waitFor();
      assert.equal(await form.getByLabel(sv.folders.name).inputValue(), folder.toUpperCase(), "what was typed is still there");
    });

    test("two letters are picked and moved; unread they are still counted first", async () => {
      const { page } = person;
      await page.goto("/inkorg");
      await pick(first);
      await pick(second);
      await shot(page, `organise-picked-${mark}`);
      await press(sv.sort.move_to);
      await page.getByRole("heading", { level: 1, name: sv.sort.move_title }).waitFor();
      await axe(page, "move");
      await shot(page, `organise-move-${mark}`);
      await page.getByRole("radio", { name: folder }).check();
      await page.getByRole("button", { name: sv.sort.move_now, exact: true }).click();
      await said(fill(sv.done.moved_many, { n: 2, place: fill(sv.folders.the_folder, { name: folder }) }));
      assert.equal(await row(first).count(), 0);
      await page.getByText(/2 olästa.*i mappar/).first().waitFor();
      assert.match(await folderLink(folder).innerText(), /2 olästa/);
      await shot(page, `organise-moved-${mark}`);
      await folderLink(folder).click();
      await page.getByRole("heading", { level: 1, name: folder }).waitFor();
      await row(first).waitFor();
      await axe(page, "folder");
    });

    test("undo brings them back", async () => {
      const { page } = person;
      await page.goto("/inkorg");
      await pick(third);
      await press(sv.sort.archive);
      await said(fill(sv.done.moved_one, { place: sv.folders.the_archive }));
      assert.equal(await row(third).count(), 0);
      await page.getByRole("button", { name: sv.done.undo }).click();
      await said(sv.done.undone);
      await row(third).waitFor();
    });

    test("a letter is moved from its own page", async () => {
      const { page } = person;
      await openLetter(page, third);
      await page.locator(".bar").getByRole("link", { name: sv.sort.move_to }).click();
      await page.getByRole("radio", { name: folder }).check();
      await page.getByRole("button", { name: sv.sort.move_now, exact: true }).click();
      await said(fill(sv.done.moved_one, { place: fill(sv.folders.the_folder, { name: folder }) }));
      await folderLink(folder).click();
      await row(third).waitFor();
      await shot(page, `organise-folder-${mark}`);
    });

    test("a star is given on the letter's page and found in its list", async () => {
      const { page } = person;
      await row(third).getByRole("link").click();
      await page.getByRole("heading", { level: 1, name: third }).waitFor();
      await shot(page, `organise-letter-${mark}`);
      await page.getByRole("button", { name: sv.sort.star, exact: true }).click();
      await said(sv.done.starred_one);
      await folderLink(sv.folders.starred).click();
      await row(third).waitFor();
    });

    test("binning asks first, says the day, and can be taken back", async () => {
      const { page } = person;
      await page.goto("/stjarnor");
      await pick(third);
      await press(sv.sort.bin);
      await page.getByRole("heading", { level: 1, name: sv.sort.bin_one_title }).waitFor();
      await axe(page, "bin asks");
      await shot(page, `organise-bin-${mark}`);
      await page.getByRole("button", { name: sv.sort.bin_one }).click();
      await said(/Brevet ligger i papperskorgen till den \d+/);
      await folderLink(sv.folders.bin).click();
      await page.getByRole("heading", { level: 1, name: sv.folders.bin }).waitFor();
      assert.match(await row(third).innerText(), /Försvinner \d+/);
      await axe(page, "bin");
      await shot(page, `organise-binned-${mark}`);
      await row(third).getByRole("link").click();
      await page.getByText(/försvinner det för gott/).first().waitFor();
      await page.getByRole("button", { name: sv.sort.restore, exact: true }).first().click();
      await said(sv.done.restored_one);
    });

    test("the bin is emptied for good, after a plain warning", async () => {
      const { page } = person;
      await page.goto(`${await folderLink(folder).getAttribute("href")}`);
      await pick(third);
      await press(sv.sort.bin);
      await page.getByRole("button", { name: sv.sort.bin_one }).click();
      await said(/Brevet ligger i papperskorgen till den \d+/);
      await page.goto("/papperskorg");
      await page.getByRole("link", { name: sv.folders.empty_bin }).click();
      await page.getByText(/Det går inte att ångra/).waitFor();
      await page.getByRole("button", { name: sv.sort.empty_now }).click();
      await said(sv.done.emptied);
      await page.getByText(sv.folders.bin_empty).waitFor();
    });

    test("picking nothing is said", async () => {
      const { page } = person;
      await page.goto("/flytta?lista=%2Farkiv");
      await page.getByText(sv.sort.none_picked).waitFor();
    });

    test("a folder that was removed in another window is said", async () => {
      const { page } = person;
      const other = await visitor({ ...way });
      await login(other.page, people.tolvan);
      await send({ subject: late });
      await page.goto("/inkorg");
      await pick(late);
      await press(sv.sort.move_to);
      await page.getByRole("radio", { name: folder }).check();
      await other.page.goto("/installningar/mappar");
      await other.page.locator(".folder-rows summary", { hasText: folder }).click();
      await other.page.getByRole("button", { name: fill(sv.folders.remove, { name: folder }) }).click();
      await other.page.getByText(/är borttagen/).first().waitFor();
      await page.getByRole("button", { name: sv.sort.move_now, exact: true }).click();
      await said(sv.done.folder_gone);
      await other.page.getByRole("button", { name: sv.done.undo }).click();
      await other.page.getByText(sv.done.undone).first().waitFor();
      await other.page.locator(".folder-rows summary", { hasText: folder }).waitFor();
      await other.done();
    });

    test("a category is made, given to a letter, and found again", async () => {
      const { page } = person;
      const name = `Pengar ${mark}`;
      await page.goto("/installningar/kategorier");
      const form = page.locator("#kategori-ny");
      await form.getByLabel(sv.folders.name).fill(name);
      await form.getByRole("radio", { name: sv.categories.blue }).check();
      await form.getByRole("button", { name: sv.categories.make_now }).click();
      await said(sv.categories.saved);
      await axe(page, "categories");
      await shot(page, `organise-categories-${mark}`);
      await page.goto("/inkorg");
      await pick(late);
      await press(sv.categories.category);
      await page.getByRole("radio", { name }).check();
      await axe(page, "categorise");
      await page.getByRole("button", { name: sv.categories.give, exact: true }).click();
      await said(new RegExp(`har fått kategorin ”${name}”`));
      assert.match(await row(late).innerText(), new RegExp(name));
      await folderLink(name).click();
      await row(late).waitFor();
      await axe(page, "category");
    });

    test("a list is ordered by sender and by subject", async () => {
      const { page } = person;
      await page.goto("/inkorg");
      await page.locator(".order summary").click();
      await page.getByRole("link", { name: sv.order.subject, exact: true }).click();
      await page.waitForURL(/ordning=rubrik/);
      const subjects = await page.locator(".row-subject").allInnerTexts();
      assert.ok(subjects.length > 3);
      const sorted = [...subjects].sort((a, b) => a.localeCompare(b, "sv", { numeric: true, ignorePunctuation: true }));
      assert.deepEqual(subjects.map((s) => s[0].toLowerCase()), sorted.map((s) => s[0].toLowerCase()));
      await page.goto("/inkorg?ordning=avsandare");
      await axe(page, "by sender");
      const senders = await page.locator(".day").allInnerTexts();
      assert.deepEqual(senders, [...senders].sort((a, b) => a.localeCompare(b, "sv")), "each sender once, by the alphabet");
      await shot(page, `organise-senders-${mark}`);
    });

    test("a rule shows what it would have caught, then sorts what comes in", async () => {
      const { page } = person;
      await page.goto("/installningar/regler");
      const rare = `vindflöjel${mark}`;
      await send({ subject: `Bygglov ${mark}`, text: `Din ${rare} är godkänd.` });
      await page.getByLabel(sv.rules.words, { exact: true }).fill(rare);
      await page.getByLabel(sv.rules.then, { exact: true }).selectOption({ label: fill(sv.rules.to_folder, { name: folder }) });
      await axe(page, "rules");
      await page.getByRole("button", { name: sv.rules.try_it }).click();
      await page.getByRole("heading", { level: 1, name: sv.rules.tried }).waitFor();
      // The letter has just come: the page says so until it has been read.
      const caught = page.getByText(fill(sv.rules.would, { letters: "1 brev" }));
      for (let tries = 0; tries < 50 && (await caught.count()) === 0; tries++) {
        await page.waitForTimeout(200);
        await page.reload();
      }
      await caught.waitFor();
      await axe(page, "rule");
      await shot(page, `organise-rule-${mark}`);
      assert.equal(await page.getByLabel(sv.rules.words, { exact: true }).inputValue(), rare, "what was typed stands there");
      assert.equal(await page.getByLabel(sv.rules.then, { exact: true }).locator("option:checked").innerText(), fill(sv.rules.to_folder, { name: folder }));
      await page.goto("/installningar/regler");
      assert.equal(await page.locator(".rules").count(), 0, "looking has saved nothing");
      await page.goBack();
      await page.getByLabel(sv.rules.words, { exact: true }).fill("");
      await page.getByRole("button", { name: sv.rules.try_it }).click();
      await page.getByRole("alert").getByText(sv.rules.asks_nothing).waitFor();
      await page.getByLabel(sv.rules.words, { exact: true }).fill(rare);
      await page.getByRole("button", { name: sv.rules.try_it }).click();
      await page.getByRole("button", { name: fill(sv.rules.make_and_apply, { letters: "1 brev" }) }).click();
      await said(fill(sv.done.moved_one, { place: fill(sv.folders.the_folder, { name: folder }) }));
      await page.getByRole("button", { name: sv.done.undo }).click();
      await said(sv.done.undone);
      await shot(page, `organise-rules-${mark}`);
      await send({ subject: `${late} igen`, text: `Två ${rare}.` });
      await page.goto("/inkorg");
      assert.equal(await row(`${late} igen`).count(), 0);
      await folderLink(folder).click();
      await row(`${late} igen`).waitFor();
      await page.goto("/installningar/regler");
      await page.locator(".rules").getByRole("button", { name: sv.rules.switch_off }).first().click();
      await said(sv.rules.now_off);
      await page.locator(".rules").getByRole("button", { name: sv.rules.remove }).first().click();
      await said(sv.rules.removed);
    });

    test("picked letters are downloaded as a ZIP that others can read", async () => {
      const { page } = person;
      const file = path.join(house.home, `bilaga-${mark}.txt`);
      writeFileSync(file, `Bilagan ${mark}`);
      await send({ subject: `Med bilaga ${mark}`, attach: [file] });
      await page.goto("/inkorg");
      await pick(`Med bilaga ${mark}`);
      await pick(late);
      const [download] = await Promise.all([page.waitForEvent("download"), press(sv.sort.download)]);
      assert.equal(download.suggestedFilename(), "brevlada-2-brev.zip");
      const told = await run(house.python, ["-c", `
import sys, zipfile
zip = zipfile.ZipFile(sys.argv[1])
assert zip.testzip() is None
for name in zip.namelist(): print(name)
print(zip.read([name for name in zip.namelist() if name.endswith(".txt")][0]).decode())`, await download.path()]);
      assert.match(told, new RegExp(`/01 bilaga-${mark}.txt`));
      assert.equal(told.match(/original\.xml/g).length, 2);
      assert.ok(told.includes(`Bilagan ${mark}`));
    });

    test("the access log says it", async () => {
      const { page } = person;
      await page.goto("/vem-har-last");
      const told = await page.locator("main").innerText();
      for (const act of [sv.access.downloaded, sv.access.moved_one, sv.access.binned_one, sv.access.restored_many, sv.access.emptied]) {
        assert.ok(told.includes(act), act);
      }
    });

    test("the browser had nothing to complain of", () => {
      assert.deepEqual(person.wrongs.filter((wrong) => !/favicon|404|401|403/.test(wrong)), []);
    });
  });
}

describe("order on a phone", () => {
  test("folders open as a sheet, without JavaScript too", async () => {
    const phone = await visitor({ script: false, width: 390, height: 844 });
    await login(phone.page, people.tolvan);
    await phone.page.getByRole("button", { name: sv.folders.title, exact: true }).click();
    await phone.page.locator(".folders").getByRole("link", { name: sv.folders.archive }).waitFor();
    await shot(phone.page, "organise-phone-folders");
    await phone.page.locator(".folders").getByRole("link", { name: sv.folders.archive }).click();
    await phone.page.getByRole("heading", { level: 1, name: sv.folders.archive }).waitFor();
    await phone.page.goto("/inkorg");
    await phone.page.locator(".letter-row").first().getByRole("checkbox").check();
    await shot(phone.page, "organise-phone-picked");
    await phone.page.locator(".letter-row").first().getByRole("link").click();
    await shot(phone.page, "organise-phone-letter");
    await phone.page.getByRole("button", { name: sv.letter.more, exact: true }).click();
    await shot(phone.page, "organise-phone-more");
    await phone.page.goto("/vem-har-last");
    await phone.page.locator(".who summary").click();
    await shot(phone.page, "organise-phone-menu");
    const here = phone.page.locator(".menu").getByRole("link", { name: sv.door.access_log });
    assert.equal(await here.getAttribute("aria-current"), "page");
    await phone.page.locator(".menu").getByRole("button", { name: sv.folders.all }).click();
    await phone.page.locator(".folders").getByRole("link", { name: sv.folders.archive }).waitFor();
    await phone.done();
  });

  test("320 px hold every page of it", async () => {
    const small = await visitor({ width: 320, height: 640, colours: "dark" });
    await login(small.page, people.tolvan);
    for (const address of ["/inkorg", "/arkiv", "/papperskorg", "/installningar/mappar", "/flytta", "/slang"]) {
      await small.page.goto(address);
      await noSidewaysScroll(small.page, address);
    }
    await small.page.goto("/inkorg");
    await small.page.locator(".letter-row").first().getByRole("checkbox").check();
    await noSidewaysScroll(small.page, "picked");
    await shot(small.page, "organise-small-dark");
    await small.done();
  });
});
