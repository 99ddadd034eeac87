// A session from the first apply to the way out of a forced rollback, and what a person does besides.
//
// One page, one person: each test goes on where the one before it left. What is expected is what Kubernetes
// v1.36 does; how the page's controls are found is support/workbench.js.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axeFindings, openBrowser, settled } from "./support/browser.js";
import { serve } from "./support/server.js";
import { Workbench, allReady, revisions } from "./support/workbench.js";

/** A text that is wrong is told within this time, in milliseconds: bounded, on however busy a machine. */
const ANSWER = 20_000;

const BAD_IMAGE = "nginx:no-such-tag";
const BOMB = ["a: &a [x,x,x,x,x,x,x,x,x]", ..."bcdefghi".split("").map((name, at) => {
  return `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[at]}`).join(",")}]`;
})].join("\n");

describe("a session", { timeout: 180_000 }, () => {
  let browser, server, visitor, page, bench;
  /** The Pods at rest before the trap, the note's text, and the moment at which all was well again. */
  let beforeTrap, note, healed;

  before(async () => {
    [browser, server] = await Promise.all([openBrowser(), serve()]);
    ({ visitor, page, bench } = await Workbench.open(browser, server.url));
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  const sentence = () => bench.why.getByRole("heading", { level: 3 }).innerText();
  const tab = (name) => bench.left.getByRole("button", { name });

  test("the note as it is: web-0 waits for a class that nobody has made", async () => {
    note = await bench.text();
    assert.match(note, /# 需要自行创建\n\s+storageClassName: "my-storage-class"/);
    const apply = () => bench.main.getByRole("button", { name: "Apply web.yaml" }).click();
    assert.match(await bench.answer("$ kubectl apply -f web.yaml", apply), /service\/nginx created\s+statefulset\.apps\/web created/);
    await bench.speed("8×");
    await bench.main.getByText("so nobody makes its volume").first().waitFor();
    await bench.until((cards) => cards.length === 1 && cards[0].word === "Pending", "web-0 alone, Pending");
    assert.deepEqual((await bench.claims()).map((claim) => claim.split(", ").slice(0, 2)), [["PVC www-web-0", "Pending"]]);
    assert.ok((await bench.records()).every((record) => record.endsWith("NXDOMAIN")));
    assert.match(await sentence(), /because the StorageClass my-storage-class does not exist/);
  });

  test("the class is made: one Pod after another, each with its claim and its name", async () => {
    await bench.samples();
    await bench.button("Create this StorageClass").click();
    await bench.until((cards) => allReady(cards, 3), "three Pods Ready");
    const samples = await bench.samples();
    const order = [...new Set(samples.flatMap((cards) => cards.map((card) => card.name)))];
    assert.deepEqual(order, ["web-0", "web-1", "web-2"]);
    for (const cards of samples) {
      const seen = cards.map((card) => card.label).join(" | ");
      assert.ok(cards.slice(0, -1).every((card) => card.ready), `only the last may be unready: ${seen}`);
    }
    assert.ok(samples.some((cards) => cards.length === 1 && cards[0].word === "ContainerCreating"), "web-0 is seen starting, alone");
    assert.deepEqual((await bench.claims()).map((claim) => claim.split(", ").slice(0, 2).join(" ")), [
      "PVC www-web-0 Bound", "PVC www-web-1 Bound", "PVC www-web-2 Bound",
    ]);
    const records = await bench.records();
    const names = records.map((record) => /^DNS (\S+), A 10\.244\.\d+\.\d+$/.exec(record)?.[1]);
    assert.deepEqual(names, ["web-0.nginx", "web-1.nginx", "web-2.nginx"]);
    assert.equal(new Set(records.map((record) => record.split(" A ")[1])).size, 3, "three addresses");
    await bench.main.getByText("3 of 3 Ready").waitFor();
    assert.match(await bench.type("kubectl get sts"), /NAME\s+READY\s+AGE\s+web\s+3\/3\s+\d+/);
  });

  test("scaled to 5 and down to 1: up in order, down in reverse, and the claims stay", async () => {
    assert.equal(await bench.type("kubectl scale sts web --replicas=5"), "statefulset.apps/web scaled");
    await bench.until((cards) => allReady(cards, 5), "five Pods Ready");
    await bench.samples();
    await bench.type("kubectl scale sts web --replicas=1");
    await bench.until((cards) => allReady(cards, 1), "web-0 alone");
    for (const cards of await bench.samples()) {
      assert.deepEqual(cards.map((card) => card.ordinal), [...cards.keys()], "the highest goes first");
      const leaving = cards.filter((card) => card.word === "Terminating");
      assert.ok(leaving.length <= 1 && leaving.every((card) => card.ordinal === cards.length - 1), "one at a time");
    }
    const claims = (await bench.claims()).map((claim) => claim.split(",")[0]);
    assert.deepEqual(claims, [0, 1, 2, 3, 4].map((n) => `PVC www-web-${n}`));
    assert.equal((await bench.type("kubectl get pvc")).match(/Bound/g)?.length, 5);
  });

  test("another image: the highest ordinal first", async () => {
    await bench.type("kubectl scale sts web --replicas=3");
    const old = revisions(await bench.until((cards) => allReady(cards, 3), "three Pods Ready"))["web-0"];
    await bench.samples();
    assert.equal(await bench.type("kubectl set image sts/web nginx=nginx:1.25.3"), "statefulset.apps/web image updated");
    await bench.until((cards) => allReady(cards, 3) && cards.every((card) => card.revision !== old), "all Pods new");
    const renewed = [];
    for (const cards of await bench.samples()) {
      const fresh = cards.filter(({ revision }) => revision && revision !== old).map((card) => card.name);
      renewed.push(...fresh.filter((name) => !renewed.includes(name)));
    }
    assert.deepEqual(renewed, ["web-2", "web-1", "web-0"]);
  });

  test("a partition of 2: only web-2 gets the next image, until the partition goes", async () => {
    const partition = (n) => `kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":${n}}}}}'`;
    const old = revisions(await bench.cards())["web-0"];
    assert.equal(await bench.type(partition(2)), "statefulset.apps/web patched");
    await bench.type("kubectl set image sts/web nginx=nginx:1.27");
    await bench.until((cards) => allReady(cards, 3) && cards[2].revision !== old, "web-2 new");
    await bench.pass(30);
    const cards = await bench.cards();
    assert.deepEqual(cards.map((card) => card.revision === old), [true, true, false]);
    await bench.main.getByRole("img", { name: "partition 2" }).waitFor();
    assert.match(await sentence(), /partition 2/);
    await bench.type(partition(0));
    beforeTrap = await bench.until((cards) => allReady(cards, 3) && cards.every((card) => card.revision !== old), "all Pods new");
    await bench.pass(5);
  });

  test("the trap: the template is right again, the broken Pod stays", async () => {
    await bench.type(`kubectl set image sts/web nginx=${BAD_IMAGE}`);
    const good = beforeTrap[0].revision;
    const pulls = /^(ErrImagePull|ImagePullBackOff)$/;
    await bench.until((cards) => cards.length === 3 && pulls.test(cards[2].word), "web-2 cannot pull");
    assert.match(await bench.type("kubectl rollout undo sts/web"), /statefulset\.apps\/web rolled back/);
    await bench.pass(120);
    const cards = await bench.cards();
    assert.deepEqual(cards.map((card) => card.ready), [true, true, false]);
    assert.match(cards[2].word, pulls);
    assert.deepEqual(cards.map((card) => card.revision === good), [true, true, false]);
    assert.match(await sentence(), /^web-2 is stuck/);
    await bench.main.getByText("2 of 3 Ready").waitFor();
  });

  test("axe finds nothing while it is stuck: both themes, both languages, wide and narrow", async () => {
    await bench.pause();
    const found = [];
    const theme = page.getByRole("button", { name: /^(Theme|主题)$/ });
    const language = page.getByRole("button", { name: /^(Language: 中文|语言：English)$/ });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      for (let look = 0; look < 4; look += 1) {
        await (look % 2 ? theme : language).click();
        await bench.frames();
        const name = await page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dataset.theme ?? "light"}`);
        found.push(...(await axeFindings(page)).map((finding) => `${width} px, ${name}: ${finding}`));
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) found.push(`${width} px, ${name}: ${overflow} px too wide`);
      }
    }
    for (const region of ["YAML", "Terminal", "Why"]) {
      await page.getByRole("navigation", { name: "Regions" }).getByRole("button", { name: region }).click();
      await bench.frames();
      found.push(...(await axeFindings(page)).map((finding) => `390 px, ${region}: ${finding}`));
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    assert.ok(!found.length, [...new Set(found)].join("\n"));
  });

  test("the way out: the broken Pod is deleted, from the page", async () => {
    await bench.pod("web-2").click();
    assert.equal(await bench.pod("web-2").getAttribute("aria-pressed"), "true");
    assert.match(await bench.why.innerText(), new RegExp(BAD_IMAGE));
    await bench.why.getByRole("button", { name: "Delete", exact: true }).click();
    const cards = await bench.until((cards) => allReady(cards, 3) && cards[2].revision === beforeTrap[2].revision, "web-2 healed");
    assert.deepEqual(revisions(cards), revisions(beforeTrap));
    await bench.pass(10);
    await bench.pause();
    healed = await bench.clock();
    await page.getByRole("button", { name: /Clear the selection$/ }).click();
    assert.match(await sentence(), /as asked/);
  });

  test("Events: Kubernetes' words, the newest first", async () => {
    await tab(/^Events/).click();
    const list = page.getByRole("list", { name: "Events" });
    const rows = await list.getByRole("listitem").allInnerTexts();
    for (const words of [
      /create Pod web-0 in StatefulSet web successful/i,
      /create Claim www-web-0 Pod web-0 in StatefulSet web success/i,
      /delete Pod web-2 in StatefulSet web successful/i,
      /FailedScheduling[\s\S]*pod has unbound immediate PersistentVolumeClaims/,
      new RegExp(`Failed to pull image "${BAD_IMAGE}"`),
    ]) {
      assert.ok(rows.some((row) => words.test(row)), `${words} in ${rows.length} Events`);
    }
    const times = await list.getByRole("time").allInnerTexts();
    const seconds = times.map((time) => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0));
    assert.deepEqual(seconds, seconds.toSorted((a, b) => b - a));
    await tab("Terminal").click();
  });

  test("back in time: Home, the timeline, steps; the old state stands there again", async () => {
    await page.keyboard.press("Home");
    assert.equal(await bench.clock(), 0);
    await bench.until((cards) => cards.length === 0, "nothing yet at 0:00");
    await bench.main.getByText("This is the past").waitFor();
    await page.keyboard.press("End");
    assert.equal(await bench.clock(), healed);
    await bench.until((cards) => allReady(cards, 3), "the present");

    await bench.showAll();
    const flag = await bench.timeline.getByRole("img", { name: new RegExp(BAD_IMAGE) }).boundingBox();
    await page.mouse.click(flag.x - 2, flag.y + flag.height - 20);
    const moment = await bench.clock();
    assert.ok(moment > 0 && moment < healed);
    assert.deepEqual(revisions(await bench.until((cards) => allReady(cards, 3), "before the trap")), revisions(beforeTrap));
    // The next inputs are the bad image and, once web-2 could not pull it, the undo.
    await page.keyboard.press(">");
    const input = await bench.clock();
    await page.keyboard.press(">");
    await bench.until((cards) => cards.length === 3 && !cards[2].ready, "in the trap");
    await page.keyboard.press("<");
    assert.equal(await bench.clock(), input);
    await page.keyboard.press(",");
    await bench.frames();
    assert.ok((await bench.clock()) < input, "the decision before the input");
    assert.deepEqual(revisions(await bench.until((cards) => allReady(cards, 3), "before the trap")), revisions(beforeTrap));
  });

  test("who acts in the past begins a branch; the other one is kept", async () => {
    const at = await bench.clock();
    assert.equal(await bench.type("kubectl scale sts web --replicas=2"), "statefulset.apps/web scaled");
    await bench.until((cards) => allReady(cards, 2), "two Pods on the new branch");
    assert.equal(await bench.timeline.getByRole("img", { name: new RegExp(BAD_IMAGE) }).count(), 0);
    assert.ok((await bench.clock()) < at + 60);
    const branches = bench.timeline.getByRole("group", { name: "Branches" });
    await bench.pause();
    await branches.getByRole("button", { name: new RegExp(BAD_IMAGE) }).click();
    assert.equal(await bench.clock(), healed);
    assert.deepEqual(revisions(await bench.until((cards) => allReady(cards, 3), "the first branch")), revisions(beforeTrap));
    assert.equal(await branches.getByRole("button", { name: /scale sts web/ }).count(), 1);
  });

  describe("a text that is wrong", () => {
    /** Name, text, what is told, what is underlined, what Apply prints. */
    const cases = [
      ["a wrong type", () => note.replace("replicas: 3", 'replicas: "three"'),
        "cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32", '"three"'],
      ["an unknown field", () => note.replace("  replicas: 3", "  replica: 3"), 'unknown field "spec.replica"', "replica"],
      ["20 000 nested brackets", () => "[".repeat(20_000)],
      ["a bomb of aliases", () => BOMB, "excessive aliasing"],
      ["5 MB, more than a browser's storage takes", () => "# a line of a large text, which says nothing\n".repeat(116_509)],
    ];
    for (const [name, text, told, underlined] of cases) {
      test(name, async () => {
        const state = "kubectl get sts,pods,pvc,svc -o name";
        const generation = "kubectl get sts web -o jsonpath={.metadata.generation}";
        const was = [await bench.type(state), await bench.type(generation)];
        const status = bench.left.getByRole("status");
        // What was said of the last text must be gone.
        await bench.paste(note);
        await status.getByText("No problems").waitFor({ timeout: ANSWER });
        const begun = Date.now();
        await bench.paste(text());
        await status.getByText("1 problem").waitFor({ timeout: ANSWER });
        const line = bench.left.getByRole("button", { name: /^Line \d+/ });
        assert.equal(await line.count(), 1, "one problem in the list");
        const hidden = await line.evaluate((link) => {
          const [inner, outer] = [link.getBoundingClientRect(), link.closest(".pane").getBoundingClientRect()];
          return inner.top < outer.top || inner.bottom > outer.bottom;
        });
        assert.ok(!hidden, "the problem is in sight");
        if (told) await bench.left.getByText(told).first().waitFor();
        if (underlined) {
          await line.click();
          assert.equal(await page.locator(".cm-lintRange-error").innerText(), underlined);
        }
        const apply = () => bench.editor.press("Control+Enter");
        assert.match(await bench.answer("$ kubectl apply -f web.yaml", apply), /error|invalid/i);
        await bench.frames();
        assert.ok(Date.now() - begun < ANSWER, `answered after ${Date.now() - begun} ms`);
        assert.deepEqual([await bench.type(state), await bench.type(generation)], was, "the cluster is as it was");
        assert.ok((await bench.text()) === text(), "the text is kept");
      });
    }
  });

  test("keys of the page: Space, digits, Esc, letters", async () => {
    await bench.paste(note);
    await bench.pause();
    await bench.left.getByText("No problems").waitFor();
    await page.getByRole("heading", { name: "Why" }).click();
    await page.keyboard.press("Space");
    await bench.timeline.getByRole("button", { name: "Pause" }).waitFor();
    await page.keyboard.press("Space");
    await bench.timeline.getByRole("button", { name: "Play" }).waitFor();
    await page.keyboard.press("1");
    await page.getByRole("button", { name: /Clear the selection$/ }).waitFor();
    assert.equal(await bench.pod("web-1").getAttribute("aria-pressed"), "true");
    await page.keyboard.press("Escape");
    assert.equal(await bench.pod("web-1").getAttribute("aria-pressed"), "false");
    await page.keyboard.press("e");
    await page.getByRole("list", { name: "Events" }).waitFor();
    await page.keyboard.press("`");
    await bench.prompt.waitFor();
    await bench.frames();
    assert.ok(await bench.prompt.evaluate((prompt) => prompt === document.activeElement), "` goes to the terminal");
    await page.keyboard.type(" 2e");
    assert.equal(await bench.prompt.inputValue(), " 2e", "letters are letters in a text field");
    await bench.prompt.fill("");
  });

  test("a card answers to Enter and to Space", async () => {
    for (const key of ["Enter", "Space"]) {
      await bench.pod("web-0").focus();
      await page.keyboard.press(key);
      await bench.frames();
      assert.equal(await bench.pod("web-0").getAttribute("aria-pressed"), "true", key);
      await page.keyboard.press("Escape");
    }
  });

  test("? shows the keys, Esc closes them, and nothing happens behind", async () => {
    const dialog = page.getByRole("dialog", { name: "Keyboard" });
    await page.getByRole("heading", { name: "Why" }).click();
    await page.keyboard.press("?");
    await dialog.waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("1");
    await page.keyboard.press("Escape");
    await bench.frames();
    const open = await dialog.count();
    if (open) await dialog.getByRole("button", { name: "Close" }).click();
    assert.equal(open, 0, "Esc closes it");
    assert.equal(await page.getByRole("button", { name: /Clear the selection$/ }).count(), 0, "1 selects nothing behind it");
  });

  test("language and theme at a click, in the middle of it", async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await bench.button("Theme").click();
    assert.notEqual(await background(), light);
    await bench.button("Language: 中文").click();
    assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
    assert.match(await page.title(), /实验室/);
    await page.getByRole("region", { name: "时间线" }).waitFor();
    await bench.left.getByRole("button", { name: /^应用/ }).waitFor();
    assert.match(await page.locator(".side h3").innerText(), /\p{Script=Han}/u);
    assert.match(await bench.pod("web-0").getAttribute("aria-label"), /修订/);
  });

  test("a reload keeps documents, session, language and theme", async () => {
    const remark = `${note}# 未应用\n`;
    await bench.paste(remark);
    await page.locator(".status", { hasText: "改动" }).waitFor();
    await page.waitForTimeout(300); // what was typed is kept after a pause
    const told = await page.getByRole("log").innerText();
    await page.reload();
    await settled(page);
    assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    await page.getByRole("button", { name: "Language" }).or(page.getByRole("button", { name: "语言：English" })).click();
    await bench.button("Theme").click();
    assert.ok((await bench.text()) === remark, "the text that was not applied");
    await tab("my-storage-class.yaml").waitFor();
    await bench.showAll();
    for (const input of ["apply web.yaml", "scale sts web --replicas=5", BAD_IMAGE, "delete pod web-2"]) {
      await bench.timeline.getByRole("img", { name: new RegExp(input) }).first().waitFor();
    }
    // What was typed on the branch that was left is not part of this one.
    const commands = (text) => text.split("\n").filter((line) => line.startsWith("$ ") && !/apply|--replicas=2/.test(line));
    assert.deepEqual(commands(await page.getByRole("log").innerText()), commands(told));
    assert.deepEqual(revisions(await bench.until((cards) => allReady(cards, 3), "as it was left")), revisions(beforeTrap));
  });

  test("a reload keeps the branch that was left", async () => {
    const branches = bench.timeline.getByRole("group", { name: "Branches" });
    assert.equal(await branches.getByRole("button", { name: /scale sts web/ }).count(), 1);
  });

  test("all this: nothing logged, blocked, missing or fetched from elsewhere", () => {
    const { addresses, ...trouble } = visitor.heard;
    assert.deepEqual(trouble, { messages: [], errors: [], violations: [], failures: [] });
    assert.deepEqual(addresses.filter((address) => !address.startsWith(server.url)), []);
  });
});
