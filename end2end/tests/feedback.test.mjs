// Saying what one thinks, reading help and news that staff have written, choosing how the pages look, and the log of who did what.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { brevlada, house, people } from "../support/house.mjs";
import { accessible, close, inLanguage, letters, login, noSidewaysScroll, shot, visitor, ways, words } from "../support/browser.mjs";

after(close);
const { sv } = words;

for (const way of ways) {
  describe(`opinions, ${way.called}`, () => {
    test("are said from any page, with an answer wanted, and what was typed is not lost", async () => {
      const { page, wrongs, done } = await visitor(way);
      await page.goto("/om");
      await page.getByRole("link", { name: sv.foot.feedback }).click();
      await page.getByRole("heading", { level: 1, name: sv.feedback.title }).waitFor();
      const opinion = `Bra, men texten är liten. ${way.called}`;
      await page.getByLabel(sv.feedback.words).fill(opinion);
      await page.getByLabel(sv.feedback.answer_yes).check();
      await page.getByRole("button", { name: sv.feedback.send, exact: true }).click();
      await page.getByText(sv.feedback.wrong_email).waitFor();
      assert.equal(await page.getByLabel(sv.feedback.words).inputValue(), opinion);
      assert.ok(await page.getByLabel(sv.feedback.answer_yes).isChecked());
      assert.ok(!page.url().includes("liten"), "nothing typed is in the address");
      if (way.script) await accessible(page);
      await shot(page, "feedback-wrong");
      await page.getByRole("textbox", { name: sv.feedback.email }).fill("nils@post.example");
      await page.getByRole("button", { name: sv.feedback.send, exact: true }).click();
      await page.getByRole("heading", { name: sv.feedback.thanks }).waitFor();
      if (way.script) await accessible(page);

      const listed = await brevlada("feedback", "list");
      const line = listed.split("\n").find((at, i, all) => all[i + 1]?.includes(opinion));
      assert.match(line, / \/om sv \(answer to nils@post\.example\)$/);
      await brevlada("feedback", "done", line.split(" ")[0]);
      assert.ok(!(await brevlada("feedback", "list")).includes(opinion));
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("are said from a letter too, without naming it, and without words they are not taken", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.tolvan);
      const [letter] = await letters(page);
      await page.goto(letter);
      await page.getByRole("link", { name: sv.foot.feedback }).click();
      await page.getByRole("heading", { level: 1, name: sv.feedback.title }).waitFor();
      await page.getByRole("button", { name: sv.feedback.send, exact: true }).click();
      await page.getByText(sv.feedback.wrong_words).waitFor();
      await page.getByLabel(sv.feedback.words).fill("Från ett brev");
      await page.getByRole("button", { name: sv.feedback.send, exact: true }).click();
      await page.getByRole("heading", { name: sv.feedback.thanks }).waitFor();
      const listed = await brevlada("feedback", "list");
      assert.ok(!listed.includes(letter.split("/").pop()));
      assert.match(listed, / \/brev sv \(no answer wanted\)/);
      for (const id of listed.matchAll(/^[0-9a-f-]{36}/gm)) await brevlada("feedback", "done", id[0]);
      await done();
    });

    test("how the pages look is chosen without script, and is remembered, in a letter's frame too", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.tolvan);
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor).catch(() => null);
      await page.goto("/installningar");
      await page.getByRole("link", { name: sv.settings.look }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.look.title }).waitFor();
      const light = way.script ? await ground() : null;
      await page.getByLabel(sv.look.dark).check();
      await page.getByRole("button", { name: sv.look.save, exact: true }).click();
      await page.waitForLoadState("load");
      await page.locator('html[data-look="dark"]').waitFor({ state: "attached" });
      if (way.script) {
        assert.notEqual(await ground(), light);
        await accessible(page);
      }
      await shot(page, `look-dark-${way.script}`);
      await page.goto("/inkorg");
      const [letter] = await letters(page);
      await page.goto(`${letter}/text`);
      await page.locator('html[data-look="dark"]').waitFor({ state: "attached" });
      await page.goto("/finns-inte");
      await page.locator('html[data-look="dark"]').waitFor({ state: "attached" });
      await page.goto("/installningar/utseende");
      await page.getByLabel(sv.look.device).check();
      await page.getByRole("button", { name: sv.look.save, exact: true }).click();
      await page.waitForLoadState("load");
      assert.equal(await page.locator("html").getAttribute("data-look"), null);
      await done();
    });
  });
}

describe("help and news", () => {
  const file = (name, text) => {
    const at = path.join(house.home, name);
    writeFileSync(at, text);
    return at;
  };

  test("are written with a command, come at their time, and can be taken away", async () => {
    const { page, done } = await visitor({ width: 390, height: 844 });
    await page.goto("/nyheter");
    await page.getByText(sv.news.none).waitFor();
    await accessible(page);
    await brevlada("text", "publish", "--kind", "news", "--name", "driftstopp", "--language", "sv", "--title", "Driftstopp på söndag",
      "--file", file("a.md", "Vi **stänger** en timme.\n\n| När | Hur länge |\n|---|---|\n| söndag | en timme |\n\n<script>alert(1)</script>\n"));
    await brevlada("text", "publish", "--kind", "news", "--name", "senare", "--language", "sv", "--title", "Inte än",
      "--file", file("b.md", "Kommer."), "--at", "2100-01-01T00:00:00Z");
    await brevlada("text", "publish", "--kind", "help", "--name", "mappar", "--language", "sv", "--title", "Så fungerar mappar",
      "--file", file("c.md", "# Mappar\n\nSe [hjälpen](/hjalp).\n"));
    await page.goto("/nyheter");
    assert.equal(await page.getByText("Inte än").count(), 0);
    await page.getByRole("link", { name: /Driftstopp på söndag/ }).click();
    await page.getByRole("heading", { level: 1, name: "Driftstopp på söndag" }).waitFor();
    assert.equal(await page.locator("article strong").innerText(), "stänger");
    await accessible(page);
    await noSidewaysScroll(page);
    await shot(page, "news");
    await inLanguage(page, "en", "/nyheter/driftstopp");
    await page.getByText(words.en.news.only_swedish).waitFor();
    assert.equal(await page.locator("article h1").getAttribute("lang"), "sv");
    for (const language of ["sv", "en"]) {
      await inLanguage(page, language, "/hjalp");
      await accessible(page, `the help in ${language}`);
      const guides = await page.locator('nav a[href^="/hjalp/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href")));
      assert.ok(guides.length >= 12, `${guides}`);
      for (const guide of guides) {
        assert.equal((await page.goto(guide)).status(), 200, guide);
        // What staff have written in Swedish alone is shown in Swedish.
        const foreign = guide === "/hjalp/mappar" && language === "en";
        assert.equal((await page.locator("article[class] [lang]").count()) > 0, foreign, `${guide} is in the language of the page`);
        await accessible(page, `${guide} ${language}`);
        await noSidewaysScroll(page, `${guide} ${language}`);
      }
    }
    await page.goto("/hjalp/falska-meddelanden");
    await shot(page, "help-false");
    await inLanguage(page, "sv", "/hjalp");
    await shot(page, "help");
    await page.getByRole("link", { name: "Så fungerar mappar" }).click();
    await page.getByRole("heading", { level: 1, name: "Så fungerar mappar" }).waitFor();
    await accessible(page);
    await brevlada("text", "withdraw", "--kind", "news", "--name", "driftstopp", "--language", "sv");
    assert.equal((await page.request.get("/nyheter/driftstopp")).status(), 404);
    assert.match(await brevlada("text", "list"), /driftstopp sv from .*taken away/);
    await done();
  });
});

describe("who has read what", () => {
  test("is filtered by kind and by day, and told with the right it was done in", async () => {
    for (const look of [{}, { width: 390, height: 844 }, { blocked: true, width: 320, height: 640 }]) {
      const { page, done } = await visitor(look);
      await login(page, people.tolvan);
      await page.goto("/vem-har-last");
      assert.match(await page.locator("tbody").innerText(), new RegExp(sv.access.as_holder));
      await page.getByRole("link", { name: sv.access.logins }).click();
      await page.waitForURL(/visa=inloggning/);
      await page.locator('[aria-current="true"]', { hasText: sv.access.logins }).waitFor();
      const acts = await page.locator("tbody tr").allInnerTexts();
      assert.ok(acts.length > 0 && acts.every((act) => act.includes(sv.access.logged_in)));
      await page.getByLabel(sv.access.until).fill("2020-01-01");
      await page.getByRole("button", { name: sv.access.go, exact: true }).click();
      await page.getByText(sv.access.none).waitFor();
      await page.goto("/vem-har-last?dag=2026-02-31");
      const day = page.getByLabel(sv.access.until);
      assert.equal(await day.inputValue(), "2026-02-31", "what was typed stays");
      assert.equal(await page.locator(`#${await day.getAttribute("aria-describedby")}`).innerText(), sv.day.not_a_day);
      assert.equal(await page.locator("tbody").count(), 0, "nothing is shown that was not asked for");
      await accessible(page, `no such day ${JSON.stringify(look)}`);
      await page.goto("/vem-har-last?visa=andra");
      await accessible(page, JSON.stringify(look));
      await page.goto("/vem-har-last");
      await accessible(page, JSON.stringify(look));
      await noSidewaysScroll(page);
      await shot(page, `log-${look.width ?? "wide"}`);
      await done();
    }
  });
});
