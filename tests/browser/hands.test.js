// What one does with one's hands: the partition's handle, the timeline, small screens, and what moves.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { newPage, openBrowser, settled } from "./support/browser.js";
import { serve } from "./support/server.js";
import { PATIENCE, Workbench, allReady } from "./support/workbench.js";

describe("by hand", { timeout: 180_000 }, () => {
  let browser, server, visitor, page, bench;

  before(async () => {
    [browser, server] = await Promise.all([openBrowser(), serve()]);
    ({ visitor, page, bench } = await Workbench.open(browser, server.url));
    await page.getByText("asks for three Pods. Apply it and web-0 comes first.").waitFor();
    await bench.main.getByRole("button", { name: "Apply web.yaml" }).click();
    await bench.button("Create this StorageClass").click();
    await bench.speed("8×");
    await bench.until((cards) => allReady(cards, 3), "three Pods Ready");
    await bench.pause();
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  const handle = () => page.getByRole("slider", { name: "partition" });
  const line = (name) => page.getByRole("img", { name, exact: true });
  const middle = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return [x + width / 2, y + height / 2];
  };

  /** Asks until it is so; a slow machine takes its time. */
  async function eventually(question, what) {
    const end = Date.now() + PATIENCE;
    while (!(await question())) {
      assert.ok(Date.now() < end, what);
      await page.waitForTimeout(30);
    }
  }

  test("the partition by keyboard: an edit of the manifest, which counts once it is applied", async () => {
    await handle().focus();
    await page.keyboard.press("ArrowRight");
    await line("partition 1, not applied").waitFor();
    await page.keyboard.press("ArrowRight");
    await line("partition 2, not applied").waitFor();
    assert.equal(await handle().getAttribute("aria-valuetext"), "partition 2, not applied");
    assert.ok(await handle().evaluate((slider) => slider === document.activeElement), "the handle keeps the focus");
    assert.match(await bench.text(), /\n  updateStrategy:\n    type: RollingUpdate\n    rollingUpdate:\n      partition: 2\n  template:/);
    const partition = "kubectl get sts web -o jsonpath={.spec.updateStrategy.rollingUpdate.partition}";
    assert.equal(await bench.type(partition), "0");
    await bench.left.getByRole("button", { name: /^Apply/ }).click();
    await line("partition 2").waitFor();
    assert.equal(await bench.type(partition), "2");
  });

  test("the partition by pointer: it snaps between columns", async () => {
    const [x, y] = await middle(handle());
    const web0 = await bench.pod("web-0").boundingBox();
    const web1 = await bench.pod("web-1").boundingBox();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(web1.x + 30, y + 40, { steps: 5 });
    await page.mouse.up();
    await line("partition 1, not applied").waitFor();
    const [at] = await middle(handle());
    assert.ok(at > web0.x + web0.width && at < web1.x, `${at} lies between web-0 and web-1`);
    assert.match(await bench.text(), /      partition: 1\n/);
    await bench.left.getByRole("button", { name: /^Apply/ }).click();
    await line("partition 1").waitFor();
  });

  test("without the set in an open document the command is typed, and not run", async () => {
    const note = await bench.text();
    await bench.paste("# nothing\n");
    await handle().focus();
    await page.keyboard.press("ArrowLeft");
    const patch = `kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'`;
    await eventually(async () => (await bench.prompt.inputValue()) === patch, "the command stands at the prompt");
    assert.equal(await line("partition 1").count(), 1);
    await bench.prompt.fill("");
    await bench.paste(note);
    await bench.left.getByText("No problems").waitFor();
  });

  test("the sentence of a rolling update, and the command that frees the trap", async () => {
    await bench.type(`kubectl patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'`);
    await bench.type("kubectl set image sts/web nginx=nginx:no-such-tag");
    const sentence = bench.why.getByRole("heading", { name: /^web-1 stays on the old revision, because web-2 is (terminating|not Ready)\.$/ });
    await sentence.waitFor();
    await bench.until((cards) => /ErrImagePull|ImagePullBackOff/.test(cards[2]?.word), "web-2 cannot pull");
    await bench.type("kubectl rollout undo sts/web");
    await bench.why.getByText("Stuck for good").waitFor();
    await bench.why.getByRole("button", { name: "Type kubectl delete pod web-2" }).click();
    await eventually(async () => (await bench.prompt.inputValue()) === "kubectl delete pod web-2", "it is typed, not run");
    await bench.prompt.press("Enter");
    await bench.until((cards) => allReady(cards, 3), "web-2 healed");
    await bench.pause();
  });

  test("a drag along the timeline moves through time, and letting go does not play", async () => {
    await bench.showAll();
    const drawing = await bench.timeline.locator(".lanes > svg").boundingBox();
    const y = drawing.y + drawing.height - 40;
    await page.mouse.move(drawing.x + 110, y);
    await page.mouse.down();
    let last = await bench.clock();
    for (const share of [0.2, 0.35, 0.5, 0.6]) {
      await page.mouse.move(drawing.x + drawing.width * share, y + 200, { steps: 4 });
      await eventually(async () => (await bench.clock()) > last, `the clock follows the pointer to ${share}`);
      last = await bench.clock();
    }
    await page.mouse.up();
    await bench.timeline.getByRole("button", { name: "Play", exact: true }).waitFor();
    await page.mouse.move(drawing.x + 200, y);
    await bench.frames();
    assert.equal(await bench.clock(), last, "the pointer has been let go");
  });

  test("Ctrl and the wheel zoom around the pointer; Z shows all, Follow follows again", async () => {
    const labels = () => bench.timeline.locator(".lanes .rt").allInnerTexts();
    const drawing = await bench.timeline.locator(".lanes > svg").boundingBox();
    const [x, y] = [drawing.x + drawing.width * 0.4, drawing.y + drawing.height - 40];
    await page.mouse.click(x, y);
    const [moment, all] = [await bench.clock(), String(await labels())];
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -240);
    await page.mouse.wheel(0, -240);
    await page.keyboard.up("Control");
    await eventually(async () => String(await labels()) !== all, "the ruler is another one");
    const chip = await middle(bench.timeline.locator(".cursor rect"));
    assert.ok(Math.abs(chip[0] - x) < 3, `the moment stays under the pointer: ${chip[0]}, ${x}`);
    assert.equal(await bench.clock(), moment);
    await page.keyboard.press("z");
    await eventually(async () => String(await labels()) === all, "all is in sight again");
    await page.keyboard.press("End");
  });

  test("a drag along the ruler chooses what is shown, a click on it seeks; the overview's frame is dragged", async () => {
    const labels = () => bench.timeline.locator(".lanes .rt").allInnerTexts();
    const drawing = await bench.timeline.locator(".lanes > svg").boundingBox();
    const [y, at] = [drawing.y + drawing.height - 10, (share) => drawing.x + drawing.width * share];
    const [all, moment] = [String(await labels()), await bench.clock()];
    await page.mouse.move(at(0.2), y);
    await page.mouse.down();
    await page.mouse.move(at(0.3), y, { steps: 4 });
    await page.mouse.up();
    await eventually(async () => String(await labels()) !== all, "a part is shown");
    assert.equal(await bench.clock(), moment, "nothing was sought");
    const frame = bench.timeline.getByRole("slider", { name: "Part of time that is shown" });
    const shown = await frame.getAttribute("aria-valuetext");
    const place = await middle(frame);
    await page.mouse.move(...place);
    await page.mouse.down();
    await page.mouse.move(place[0] + 120, place[1], { steps: 4 });
    await page.mouse.up();
    await eventually(async () => (await frame.getAttribute("aria-valuetext")) !== shown, "the frame was moved");
    await bench.timeline.getByRole("button", { name: "Follow" }).click();
    await page.mouse.click(at(0.3), y);
    await eventually(async () => (await bench.clock()) !== moment, "a click seeks");
    await page.keyboard.press("End");
    await bench.showAll();
  });

  test("a flag without room says its words under the pointer", async () => {
    await bench.showAll();
    const flags = bench.timeline.getByRole("img", { name: /^\d+:\d\d\.\d / });
    for (const flag of await flags.filter({ has: page.locator(".whole") }).all()) {
      const name = await flag.getAttribute("aria-label");
      await flag.locator(".hit").hover({ position: { x: 1, y: 60 } });
      await flag.locator(".whole text").waitFor();
      assert.equal(await flag.locator(".whole text").textContent(), name);
    }
  });

  for (const [width, height] of [[390, 844], [360, 740], [320, 640]]) {
    test(`at ${width} px all that one touches fits and is large enough`, async () => {
      await page.setViewportSize({ width, height });
      await bench.frames();
      const touched = ".tl-bar button, .mtabs button, .top button, .keys button";
      for (const region of ["Terminal", "YAML", "Why", "Stage"]) {
        await page.getByRole("navigation", { name: "Regions" }).getByRole("button", { name: region }).click();
        await bench.frames();
        const found = await page.locator(touched).evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => {
          const { left, right, width, height } = one.getBoundingClientRect();
          return { name: one.getAttribute("aria-label") ?? one.textContent, left, right, width, height };
        }));
        const bad = found.filter((one) => one.left < 0 || one.right > width || one.width < 40 || one.height < 40);
        assert.deepEqual(bad, [], region);
      }
      for (const key of ["Home", "End"]) {
        await page.keyboard.press(key);
        await bench.frames();
        const chip = await bench.timeline.locator(".cursor rect").boundingBox();
        assert.ok(chip.x >= 0 && chip.x + chip.width <= width, `the chip is in sight: ${JSON.stringify(chip)}`);
      }
    });
  }

  test("no word of a card leaves it, wide or narrow, in either language", async () => {
    const language = page.getByRole("button", { name: /^(Language: 中文|语言：English)$/ });
    for (const width of [1440, 390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      for (let turn = 0; turn < 2; turn += 1) {
        await language.click();
        await bench.frames();
        const out = await page.evaluate(() => [...document.querySelectorAll("svg.stage .pod")].flatMap((pod) => {
          const card = pod.querySelector(".edge").getBoundingClientRect();
          const words = [...pod.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect().right]);
          return words.filter(([, right]) => right > card.right + 1).map(([text, right]) => `${text}: ${right - card.right}`);
        }));
        assert.deepEqual(out, [], `${width} px`);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test("the page's own letters have come", async () => {
    const faces = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter((face) => face.status === "loaded").map((face) => face.family.replaceAll('"', ""));
    });
    assert.ok(faces.includes("Inter") && faces.includes("JetBrains Mono"), String(faces));
  });

  test("arrows on the stage lead to what lies beside", async () => {
    const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label").split(",")[0]);
    await bench.pod("web-0").focus();
    const way = [];
    for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft"]) {
      await page.keyboard.press(key);
      way.push(await focused());
    }
    assert.deepEqual(way, ["Pod web-1", "Pod web-2", "Pod web-1"]);
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), "PVC www-web-1");
    await page.keyboard.press("ArrowUp");
    assert.equal(await focused(), "Pod web-1");
  });

  test("F6 goes from region to region, Shift-F6 back", async () => {
    const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
    await page.locator("#stage").focus();
    const way = [];
    for (const key of ["F6", "F6", "F6", "F6", "Shift+F6"]) {
      await page.keyboard.press(key);
      way.push(await focused());
    }
    assert.deepEqual(way, ["Why", "Timeline", "Manifests and terminal", "Stage", "Manifests and terminal"]);
  });

  test("what became of the cluster is said for those who do not see it", async () => {
    const said = page.locator("p[role=status].vh");
    await bench.type("kubectl scale sts web --replicas=4");
    await bench.until((cards) => allReady(cards, 4), "four Pods Ready");
    await said.getByText("web is as asked: 4 of 4 Pods are Ready.").waitFor({ state: "attached" });
    await bench.type("kubectl scale sts web --replicas=3");
    await bench.until((cards) => allReady(cards, 3), "three Pods Ready");
    await bench.pause();
  });

  test("decisions about the selected Pod are ticks under its ribbon", async () => {
    const ticks = bench.timeline.getByRole("img", { name: /^web-1: / }).locator("path.tick");
    await page.keyboard.press("Escape");
    assert.equal(await ticks.count(), 0);
    await bench.pod("web-1").press("Enter");
    await ticks.waitFor({ state: "attached" });
    assert.match(await ticks.getAttribute("d"), /^M\d/);
    assert.equal(await bench.timeline.getByRole("img", { name: /^web-0: / }).locator("path.tick").count(), 0);
    await page.keyboard.press("Escape");
  });

  test("nothing logged, blocked or missing", () => {
    const { addresses, ...trouble } = visitor.heard;
    assert.deepEqual(trouble, { messages: [], errors: [], violations: [], failures: [] });
    assert.ok(addresses.every((address) => address.startsWith(server.url)));
  });

  test("who wants little motion sees cuts: no card fades, no pill travels", async () => {
    const { page: still, close } = await newPage(browser, { reducedMotion: "reduce" });
    await still.addInitScript(() => {
      globalThis.moving = 0;
      const look = () => {
        globalThis.moving += document.querySelectorAll("svg.stage :is(.pill, .paper, .flourish, .ghosted)").length;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await still.goto(server.url);
    await settled(still);
    const quiet = new Workbench(still);
    await quiet.main.getByRole("button", { name: "Apply web.yaml" }).click();
    await quiet.button("Create this StorageClass").click();
    await quiet.speed("8×");
    await quiet.until((cards) => allReady(cards, 3), "three Pods Ready");
    await quiet.speed("1×");
    await quiet.type("kubectl delete pod web-1 --wait=false");
    await quiet.until((cards) => cards.length === 2 || cards.some((card) => card.word === "Terminating"), "web-1 leaves");
    assert.equal(await still.evaluate(() => globalThis.moving), 0);
    await close();
  });

  /** Ends the program on a page: by a panic of its own, or by a trap of which it does not know. */
  async function broken(deed) {
    const { page: broken, close } = await newPage(browser, { permissions: ["clipboard-read", "clipboard-write"] });
    await broken.goto(server.url);
    await settled(broken);
    await broken.locator("#stage").getByRole("button", { name: "Apply web.yaml" }).click();
    await new Workbench(broken).pod("web-0").waitFor();
    await broken.evaluate(deed);
    return { broken, close, panel: broken.getByRole("alertdialog", { name: "Ordinal made a mistake, and stopped." }) };
  }

  test("a mistake of ours: what is safe, one step back, a report to copy", async () => {
    // What the program calls if a part of it is not there.
    const { broken: page, panel, close } = await broken(async () => {
      const { js } = document.querySelector("script[data-wasm]").dataset;
      const { calledTooEarly } = await import(new URL(js, document.baseURI));
      setTimeout(calledTooEarly);
    });
    await panel.getByText("are safe up to").waitFor();
    await panel.getByText(/^seed \d+, 1 inputs, step \d+: a part of the program was used before it had arrived$/).waitFor();
    await panel.getByRole("button", { name: "Copy a report" }).click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /before it had arrived[\s\S]*seed \d+[\s\S]*deeds/);
    await panel.getByRole("button", { name: /^Back to 0:00/ }).click();
    await page.getByRole("alert").getByText("is back by one step").waitFor();
    await page.locator("#stage").getByRole("button", { name: "Apply web.yaml" }).waitFor();
    assert.equal(await panel.count(), 0);
    await close();
  });

  test("a trap, which tells the program nothing, brings the same panel", async () => {
    const { panel, close } = await broken(() => {
      // (module (func (export "f") unreachable))
      const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
      const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
      setTimeout(f);
    });
    await panel.getByText(/^seed \d+, 1 inputs, step \d+: RuntimeError: unreachable$/).waitFor();
    await close();
  });
});
