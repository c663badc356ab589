// From whom letters come here: turned off and on, signed, refused by the mediator, changed elsewhere, and with FaR away.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { house, people, python, send } from "../support/house.mjs";
import { accessible, close, fill, login, noSidewaysScroll, shot, visitor, ways, words } from "../support/browser.mjs";
import { run } from "../support/run.mjs";

after(close);
const { sv } = words;
const KOMMUN_A = "162021004748";
const page_of = "/installningar/mottagning";

/** Says something to FaR's own database: who joins, and what was changed past our pages. */
function far(sql) {
  const script = "import sqlite3,sys; db=sqlite3.connect(sys.argv[1],timeout=10); db.executescript(sys.argv[2]); db.commit()";
  return run(house.python, ["-c", script, `${house.home}/far.db`, sql], { cwd: house.home });
}

const row = (page, name) => page.locator("li.setting", { has: page.getByText(name, { exact: true }) });
const toggle = (page, name) => row(page, name).getByRole("switch");
const press = async (page, name) => {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForLoadState("load");
};

for (const way of ways) {
  describe(`reception rules, ${way.called}`, () => {
    before(() => far("DELETE FROM refused_sender"));

    test("a sender is sent to paper, and a letter from it is not let through", async () => {
      const { page, wrongs, done } = await visitor(way);
      await login(page, people.tolvan);
      await page.goto("/installningar");
      await page.getByRole("link", { name: sv.settings.reception }).first().click();
      await page.getByRole("heading", { level: 1, name: sv.reception.title }).waitFor();
      assert.ok(await toggle(page, "Kommun A").isChecked());
      if (way.script) await accessible(page);
      await toggle(page, "Kommun A").uncheck();
      await press(page, sv.reception.review);
      await page.getByRole("heading", { level: 1, name: sv.reception.review_title }).waitFor();
      const agreement = await page.locator(".agreement").innerText();
      assert.match(agreement, /Kommun A \(202100-4748\)/);
      if (way.script) await accessible(page);
      await shot(page, "reception-review");
      await press(page, sv.reception.sign);
      await page.getByText(sv.reception.stored).waitFor();
      assert.ok(!(await toggle(page, "Kommun A").isChecked()));
      await shot(page, `reception-${way.script ? "script" : "plain"}`);
      await assert.rejects(send({ subject: "Till papper", sender: KOMMUN_A }), /does not accept/);

      // And back again, after a look at those on paper.
      await page.getByRole("button", { name: new RegExp(`^${sv.reception.on_paper}`) }).click();
      await page.waitForURL(/visa=papper/);
      assert.equal(await page.getByRole("switch").count(), 1);
      await toggle(page, "Kommun A").check();
      await press(page, sv.reception.review);
      await press(page, sv.reception.sign);
      await page.getByText(sv.reception.stored).waitFor();
      await send({ subject: "Digitalt igen", sender: KOMMUN_A });
      assert.deepEqual(wrongs, []);
      await done();
    });

    test("ticks survive a search, and can be forgotten", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.tolvan);
      await page.goto(page_of);
      await toggle(page, "Kommun B").uncheck();
      await page.getByLabel(sv.reception.search).fill("skatte");
      await press(page, sv.reception.find);
      await page.waitForURL(/sok=skatte/);
      assert.equal(await page.getByRole("switch").count(), 1);
      await page.getByText(sv.reception.waiting_one).waitFor();
      await page.getByLabel(sv.reception.search).fill("finns inte");
      await page.keyboard.press("Enter");
      await page.getByText(fill(sv.reception.not_found, { search: "finns inte" })).waitFor();
      await page.goto(page_of);
      assert.ok(!(await toggle(page, "Kommun B").isChecked()));
      await press(page, sv.reception.forget);
      await page.getByText(sv.reception.forgotten).waitFor();
      assert.ok(await toggle(page, "Kommun B").isChecked());
      await done();
    });

    test("what was changed elsewhere meanwhile is shown beside what was chosen here", async () => {
      const { page, done } = await visitor(way);
      await login(page, people.tolvan);
      await page.goto(page_of);
      await toggle(page, "Kommun A").uncheck();
      await press(page, sv.reception.review);
      await page.locator(".agreement").waitFor();
      await far("INSERT INTO refused_sender SELECT '191212121212', '162021003898', 0");
      await press(page, sv.reception.sign);
      await page.getByRole("heading", { name: sv.reception.conflict }).waitFor();
      assert.match(await page.locator("tbody").innerText(), /Kommun B/);
      if (way.script) await accessible(page);
      await press(page, sv.reception.settle);
      await press(page, sv.reception.sign);
      await page.getByText(sv.reception.stored).waitFor();
      for (const name of ["Kommun A", "Kommun B"]) assert.ok(!(await toggle(page, name).isChecked()), name);
      await press(page, sv.reception.all_digital);
      await page.getByText(fill(sv.reception.waiting_many, { n: 2 })).waitFor();
      await press(page, sv.reception.review);
      await press(page, sv.reception.sign);
      await page.getByText(sv.reception.stored).waitFor();
      await done();
    });
  });
}

describe("three hundred senders", () => {
  const numbers = Array.from({ length: 300 }, (_, n) => [`16212${String(n).padStart(7, "0")}`, `${"ABCDEFGHJKLMNOPRSTUVÅÄÖ"[n % 23]}berga kommun ${n}`]);
  before(() => far(`INSERT OR IGNORE INTO sender VALUES ${numbers.map(([n, name]) => `('${n}','${name}')`).join(",")}`));
  after(() => far("DELETE FROM refused_sender; DELETE FROM sender WHERE number LIKE '16212%'"));

  test("stand by letter, fit every screen, and are turned off by one button and a signature", async () => {
    for (const look of [{ width: 320, height: 640, colours: "dark" }, { width: 1440 }, { blocked: true }]) {
      const { page, done } = await visitor(look);
      await login(page, people.tolvan);
      await page.goto(page_of);
      await page.getByRole("button", { name: "Ö", exact: true }).click();
      await page.waitForURL(/bokstav=/);
      assert.match(await page.locator("li.setting strong[id^=a]").first().innerText(), /^Ö/);
      await accessible(page, JSON.stringify(look));
      await noSidewaysScroll(page, JSON.stringify(look));
      await shot(page, `reception-${look.width ?? 1280}-${look.colours ?? (look.blocked ? "blocked" : "light")}`);
      await done();
    }
    const { page, done } = await visitor();
    await login(page, people.tolvan);
    await page.goto(page_of);
    await press(page, sv.reception.all_paper);
    await page.getByText(fill(sv.reception.waiting_many, { n: 304 })).waitFor();
    await press(page, sv.reception.review);
    await page.locator(".agreement").waitFor();
    await noSidewaysScroll(page, "review of all");
    await accessible(page, "review of all");
    await shot(page, "reception-review-all");
    await press(page, sv.reception.sign);
    await page.getByText(sv.reception.stored).waitFor();
    await page.goto(`${page_of}?visa=papper`);
    assert.match(await page.locator(".chips").first().innerText(), /304/);
    await press(page, sv.reception.all_digital);
    await page.getByText(fill(sv.reception.waiting_many, { n: 304 })).waitFor();
    await press(page, sv.reception.review);
    await press(page, sv.reception.sign);
    await page.getByText(sv.reception.stored).waitFor();
    await done();
  });
});
