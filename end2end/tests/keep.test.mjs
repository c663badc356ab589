// Keeping letters outside the mailbox: as files, and all of them at once.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { brevlada, house, people, python, send } from "../support/house.mjs";
import { accessible, close, login, noSidewaysScroll, openLetter, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const sv = words.sv;

/** Presses a link that leads to a file, and gives the file's place on the disk. */
async function fetched(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).first().click()]);
  const folder = path.join(house.home, "downloads");
  mkdirSync(folder, { recursive: true });
  const place = path.join(folder, download.suggestedFilename());
  await download.saveAs(place);
  return place;
}

/** Runs the commands of an export's own instruction that begin so, in a letter's folder. */
function check(folder, instruction, begin) {
  const commands = instruction.split("\n").filter((line) => line.startsWith("    ")).map((line) => line.trim())
    .filter((line) => begin.some((word) => line.startsWith(word)));
  assert.ok(commands.length >= 3, "the instruction has commands");
  for (const command of commands) execFileSync("sh", ["-c", command], { cwd: folder, stdio: "pipe" });
}

for (const way of ways) {
  describe(`keeping ${way.called}`, () => {
    const subject = `Beslut om altan (${way.called})`;
    const attachment = path.join(house.home, `Ritning åäö ${way.script}.pdf`);
    let person;

    before(async () => {
      writeFileSync(attachment, "%PDF-1.4\n% en ritning\n%%EOF\n");
      await send({ subject, text: "Hej Tolvan!\nAltanen får byggas: å, ä och ö.", attach: [attachment] });
      person = await visitor(way);
      await login(person.page, people.tolvan);
    });
    after(() => person?.done());

    test("a letter is saved as a mail message that another program reads", async () => {
      const { page } = person;
      await openLetter(page, subject);
      await page.getByText(sv.keep.heading).first().click();
      if (way.script) await accessible(page, "letter with ways to keep it");
      await shot(page, `keep-letter-${way.script ? "script" : "plain"}`);
      const mail = JSON.parse(await python("read_mail.py", await fetched(page, sv.keep.eml)));
      assert.equal(mail.sender, "Kommun A");
      assert.match(mail.address, /\.invalid$/, "nobody can be answered there");
      assert.equal(mail.subject, subject);
      assert.equal(mail.signature, "valid");
      for (const body of [mail.text, mail.html]) {
        assert.match(body, /Altanen får byggas: å, ä och ö\./);
        assert.match(body, /Äkta\. Signerat av Kommun A/);
      }
      assert.deepEqual(mail.attachments.map(({ name, type, bytes }) => [name, type, bytes]), [
        [path.basename(attachment), "application/pdf", readFileSync(attachment).length],
      ]);
      assert.deepEqual(mail.defects, []);
    });

    test("a letter is saved as a PDF that says what it is, and whose text can be found and read aloud", async () => {
      const { page } = person;
      await openLetter(page, subject);
      await page.getByText(sv.keep.heading).first().click();
      const pdf = await fetched(page, sv.keep.pdf);
      execFileSync("qpdf", ["--check", pdf], { stdio: "pipe" });
      const told = execFileSync("pdfinfo", [pdf], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      assert.match(told, new RegExp(`Title: +${subject.replace(/[()]/g, ".")}`));
      assert.match(told, /Tagged: +yes/);
      assert.match(told, /Author: +Kommun A/);
      const text = execFileSync("pdftotext", [pdf, "-"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      assert.match(text, /Altanen får byggas: å, ä och ö\./);
      assert.match(text, /Äkta\. Signerat av Kommun A/);
      const boxes = execFileSync("pdftotext", ["-bbox", pdf, "-"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      const edges = [...boxes.matchAll(/xMin="([\d.]+)"[^>]*xMax="([\d.]+)"/g)].map(([, left, right]) => [Number(left), Number(right)]);
      assert.ok(edges.length > 20 && edges.every(([left, right]) => left > 67 && right < 528), "all of it stands within the margins, the foot too");
      execFileSync("pdftoppm", ["-r", "70", "-png", pdf, path.join(house.shots, `keep-pdf-${way.script}`)], { stdio: "pipe" });
    });

    test("a letter that cannot be set right as a PDF says so", async () => {
      const { page } = person;
      const arabic = `رسالة ${way.called}`;
      await send({ subject: arabic, text: "مرحبا" });
      await openLetter(page, arabic);
      await page.getByText(sv.keep.heading).first().click();
      await page.getByRole("link", { name: sv.keep.pdf }).first().click();
      await page.getByText(sv.keep.pdf_refused).first().waitFor();
    });

    test("the original is saved to the last byte, and xmlsec1 accepts its seal", async () => {
      const { page } = person;
      await openLetter(page, subject);
      await page.getByText(sv.keep.heading).first().click();
      const original = await fetched(page, sv.keep.original);
      execFileSync("xmlsec1", [
        "--verify", "--trusted-pem", path.join(house.pki, "ca.crt"),
        "--node-xpath", "/*/*[local-name()='Signature']", original,
      ], { stdio: "pipe" });
      await page.goto("/vem-har-last");
      assert.match(await page.locator("main").innerText(), new RegExp(sv.access.saved));
    });

    test("everything is one file, made while one waits, that can be checked and read in again", async () => {
      const { page, wrongs } = person;
      await page.goto("/installningar");
      await page.getByRole("link", { name: sv.export.title }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.export.title }).waitFor();
      const start = page.getByRole("button", { name: sv.export.start });
      if (!(await start.isVisible())) await page.getByText(sv.export.again, { exact: true }).click();
      if (way.script) await accessible(page, "export, none");
      await shot(page, `export-none-${way.script ? "script" : "plain"}`);
      await start.click();
      await page.getByRole("heading", { name: new RegExp(`${sv.export.working}|${sv.export.ready}`) }).first().waitFor();
      await shot(page, `export-working-${way.script ? "script" : "plain"}`);
      const ready = page.getByRole("heading", { level: 2, name: sv.export.ready });
      for (let look = 0; look < 50 && !(await ready.isVisible()); look += 1) {
        // With script the page looks by itself.
        if (!way.script) await page.goto("/installningar/export");
        await page.waitForTimeout(300);
      }
      await ready.waitFor();
      if (way.script) await accessible(page, "export, ready");
      await noSidewaysScroll(page, "export, ready");
      await shot(page, `export-ready-${way.script ? "script" : "plain"}`);

      const zip = await fetched(page, sv.export.download);
      const folder = path.join(house.home, `unpacked-${way.script}`);
      execFileSync("unzip", ["-q", "-o", zip, "-d", folder]);
      const found = readdirSync(path.join(folder, "brev"));
      const letter = path.join(folder, "brev", found.find((name) => name.includes("Beslut om altan")));
      check(letter, readFileSync(path.join(folder, "KONTROLLERA.txt"), "utf8"), ["xmlsec1", "perl"]);
      assert.deepEqual(readdirSync(path.join(letter, "bilagor")), [path.basename(attachment)]);

      const told = await brevlada("import", zip, "--number", people.tolvan.number);
      assert.match(told, /^0 deliveries are new here, \d+ were here already\./, "it is all here");

      // The page that lies in it, opened from the disk by the same browser.
      const reader = await visitor({ script: false });
      await reader.page.goto(`file://${folder}/index.html`);
      await reader.page.getByRole("link", { name: subject }).first().click();
      await reader.page.getByRole("heading", { level: 1, name: subject }).waitFor();
      await shot(reader.page, "export-letter");
      await reader.page.goBack();
      await shot(reader.page, "export-index");
      await reader.done();

      await page.getByRole("button", { name: sv.export.remove }).click();
      await page.getByText(sv.export.removed).first().waitFor();
      await page.goto("/vem-har-last");
      assert.match(await page.locator("main").innerText(), new RegExp(sv.access.exported));
      assert.deepEqual(wrongs, []);
    });
  });
}

test("no file is given to whoever is not logged in", async () => {
  await send({ subject: "Tolvans eget", text: "Hej" });
  const [tolvan, guest] = await Promise.all([visitor(), visitor()]);
  await login(tolvan.page, people.tolvan);
  await openLetter(tolvan.page, "Tolvans eget");
  const letter = new URL(tolvan.page.url()).pathname;
  await tolvan.page.goto("/installningar/export");
  await tolvan.page.getByRole("button", { name: sv.export.start }).click();
  await tolvan.page.getByRole("heading", { level: 2, name: sv.export.ready }).waitFor();
  const file = await tolvan.page.getByRole("link", { name: sv.export.download }).getAttribute("href");
  for (const address of [`/hamta${letter}/epost`, `/hamta${letter}/original`, file]) {
    assert.equal((await tolvan.context.request.get(address)).status(), 200, address);
    assert.equal((await guest.context.request.get(address, { maxRedirects: 0 })).status(), 303, address);
  }
  await Promise.all([tolvan.done(), guest.done()]);
});
