// The first visit: what is fetched, what is shown meanwhile, whether the page's rules hold for itself.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axeFindings, newPage, openBrowser, settled } from "./support/browser.js";
import { policy, serve } from "./support/server.js";

/** The widths at which the layout changes, and those of real machines between them. */
const WIDTHS = [320, 359, 390, 559, 560, 768, 899, 900, 1024, 1199, 1200, 1440, 1920, 2560, 3840];

describe("the first visit", { timeout: 300_000 }, () => {
  let browser, server;

  before(async () => {
    [browser, server] = await Promise.all([openBrowser(), serve()]);
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  async function visit(options, path = "") {
    const visitor = await newPage(browser, options);
    await visitor.page.goto(server.url + path);
    await settled(visitor.page);
    return visitor;
  }

  test("the policy allows nothing inline and nothing from elsewhere", () => {
    assert.ok(policy, "dist/index.html has no policy");
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /style-src 'self'(;|$)/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:/);
  });

  test("it arrives whole: nothing logged, blocked, missing or fetched from elsewhere", async () => {
    const { heard, close } = await visit({});
    const { addresses, ...trouble } = heard;
    assert.deepEqual(trouble, { messages: [], errors: [], violations: [], failures: [] });
    assert.deepEqual(addresses.filter((address) => !address.startsWith(server.url)), []);
    await close();
  });

  test("every region is there, with a name of its own", async () => {
    const { page, close } = await visit({});
    for (const region of [".top", ".left", ".stagebox", ".side", ".tl"]) {
      assert.equal(await page.locator(`.wb > ${region}`).count(), 1, region);
    }
    assert.ok(await page.getByRole("log").count(), "the terminal is a log");
    assert.ok(await page.getByRole("textbox", { name: /\.yaml/ }).count(), "the editor says which document it holds");
    await close();
  });

  test("the picture stands before the program, and the editor does not hold the program up", async () => {
    const { page, close } = await newPage(browser, {});
    await page.route(/\.wasm$/, () => {}); // never answered
    await page.goto(server.url, { waitUntil: "commit" });
    await page.locator(".shell-ribbons").waitFor({ timeout: 3000 });
    assert.ok(await page.locator("#boot-note").isHidden());
    await close();

    const second = await newPage(browser, {});
    await second.page.route(/vendor\/editor/, () => {});
    await second.page.goto(server.url, { waitUntil: "commit" });
    await second.page.locator(".wb .editor-plain").waitFor();
    await second.close();
  });

  /** A page on which answers for some parts wait; `release` lets those of one part through. */
  async function visitWithout(...parts) {
    const visitor = await newPage(browser, {});
    const asked = [];
    visitor.page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/").at(-1)));
    const held = new Map();
    for (const part of parts) {
      const gate = new Promise((release) => held.set(part, release));
      await visitor.page.route(new RegExp(`/${part}-\\w+\\.wasm$`), async (route) => {
        await gate;
        await route.continue().catch(() => {}); // the page may be gone
      });
    }
    await visitor.page.goto(server.url);
    await settled(visitor.page);
    const names = () => asked.map((name) => /^(\w+)-\w+\.wasm$/.exec(name)?.[1]).filter((name) => name && name !== "playground");
    return { ...visitor, release: (part) => held.get(part)(), asked: names };
  }

  test("the first part paints the page; the engine comes after it, then the commands", async () => {
    const { page, heard, release, asked, close } = await visitWithout("engine");
    await page.getByRole("button", { name: "Apply web.yaml" }).waitFor();
    assert.match(await page.locator(".cm-content").innerText(), /kind: StatefulSet/);
    await page.getByRole("button", { name: "Theme" }).click();
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    assert.deepEqual(asked(), ["engine"]);
    const commands = page.waitForResponse(/commands-\w+\.wasm$/);
    release("engine");
    await page.getByText("No problems").waitFor();
    await commands;
    assert.deepEqual(asked(), ["engine", "commands"]);
    assert.deepEqual([heard.messages, heard.errors], [[], []]);
    await close();
  });

  test("who acts before a part has come gets what was asked for when it has", async () => {
    const { page, heard, release, close } = await visitWithout("engine", "commands");
    await page.getByRole("button", { name: "Apply web.yaml" }).click();
    release("engine");
    await page.getByRole("log").getByText("statefulset.apps/web created").waitFor();
    const prompt = page.getByRole("textbox", { name: "Terminal" });
    await prompt.fill("kubectl get sts web -o name");
    await prompt.press("Enter");
    release("commands");
    await page.getByRole("log").getByText("statefulset.apps/web", { exact: true }).waitFor();
    assert.deepEqual([heard.messages, heard.errors], [[], []]);
    await close();
  });

  test("who acts before the engine has come gets what was asked for all the same, in order, and is told meanwhile", async () => {
    const { page, heard, release, asked, close } = await visitWithout("engine");
    await page.getByRole("button", { name: "Apply web.yaml" }).click();
    const prompt = page.getByRole("textbox", { name: "Terminal" });
    await prompt.fill("kubectl scale sts web --replicas=2");
    await prompt.press("Enter");
    assert.equal(await prompt.inputValue(), "");
    await page.locator("#stage").getByText("The simulator is on its way.").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Theme" }).click();
    assert.deepEqual(asked(), ["engine", "commands"], "each part is asked for once");
    release("engine");
    const log = page.getByRole("log");
    await log.getByText("statefulset.apps/web scaled").waitFor();
    assert.match(await log.innerText(), /statefulset\.apps\/web created[\s\S]*statefulset\.apps\/web scaled/);
    assert.equal(await page.getByText("The simulator is on its way.").count(), 0);
    assert.deepEqual(heard.errors, []);
    await close();
  });

  test("no place, and nothing that one does there before the engine has come, fetches it on the spot", async () => {
    const open = async (fragment) => {
      const { page, heard, close } = await newPage(browser, {});
      const asked = [];
      await page.route(/engine-\w+\.wasm$/, (route) => { asked.push(route.request().resourceType()); }); // never answered
      await page.goto(server.url + fragment);
      await settled(page);
      const end = async () => {
        assert.deepEqual([asked, heard.errors], [["fetch"], []], fragment);
        await close();
      };
      return { page, end };
    };
    for (const fragment of ["#s=abc", "#/parity/A01-ordered-creation/1", "#/parity/nothing/0"]) {
      const { page, end } = await open(fragment);
      await page.waitForTimeout(200);
      await end();
    }
    const { page, end } = await open("");
    const button = (name) => page.getByRole("button", { name, exact: true });
    for (const name of ["Open another workspace", "Theme", "Language: 中文", "语言：English", "Play", "8×", "Next decision"]) {
      await button(name).click();
    }
    await page.locator(".cm-content").focus();
    await page.keyboard.type("# x");
    await page.waitForTimeout(300); // what was typed is looked at after a pause
    const prompt = page.locator("#terminal-input"); // its name changes while the history is searched
    for (const key of ["k", "ArrowUp", "Control+r", "Escape", "x", "Tab", "Enter", "Control+l", "Control+c"]) await prompt.press(key);
    await page.getByRole("button", { name: /^Events/ }).click();
    await page.getByRole("heading", { name: "Why" }).click();
    for (const key of ["1", "l", "w", "e", "`", "Home", "End", ",", ">", "F6", "?", "Escape"]) await page.keyboard.press(key);
    const lanes = await page.locator(".lanes svg").boundingBox();
    await page.mouse.move(lanes.x + 300, lanes.y + 40);
    await page.mouse.down();
    await page.mouse.move(lanes.x + 400, lanes.y + 40, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -200);
    await page.keyboard.up("Control");
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of ["YAML", "Terminal", "Why", "Stage"]) {
      await page.getByRole("navigation", { name: "Regions" }).getByRole("button", { name }).click();
    }
    await page.evaluate(() => dispatchEvent(new Event("pagehide")));
    await page.waitForTimeout(200);
    await end();
  });

  test("an engine that cannot be loaded: what was typed stays, and one can try again", async () => {
    const { page, heard, close } = await newPage(browser, {});
    let broken = true;
    await page.route(/engine-\w+\.wasm$/, (route) => (broken ? route.abort() : route.continue()));
    await page.goto(server.url);
    await settled(page);
    const alert = page.getByRole("alert");
    await alert.getByText("The simulator could not be loaded.").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# mine");
    await page.getByRole("button", { name: "Apply web.yaml" }).click();
    await alert.waitFor(); // it was fetched again, and again in vain
    broken = false;
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("log").getByText("statefulset.apps/web created").waitFor();
    assert.match(await page.locator(".cm-content").innerText(), /# mine/);
    assert.deepEqual(heard.errors, []);
    await close();
  });

  test("without storage nothing breaks, and the page says that it keeps nothing", async () => {
    for (const [locale, said] of [["en-US", "Kept in this tab only"], ["zh-CN", "内容只保留在这个标签页里"]]) {
      const { page, heard, close } = await newPage(browser, { locale });
      await page.addInitScript(() => {
        Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
      });
      await page.goto(server.url);
      await settled(page);
      await page.locator(".status").getByText(said).waitFor();
      await page.locator(".left .btn.primary").click();
      await page.getByRole("log").getByText("statefulset.apps/web created").waitFor();
      await page.getByRole("button", { name: /^(Theme|主题)$/ }).click();
      await page.getByRole("button", { name: /^(Language: 中文|语言：English)$/ }).click();
      assert.deepEqual([heard.errors, heard.messages], [[], []]);
      await close();
    }
  });

  test("objects can be created and refused, and Pods become Ready, without the commands; a change waits for them", async () => {
    const { page, heard, asked, close } = await visitWithout("commands", "recordings");
    const apply = page.locator(".left").getByRole("button", { name: /^Apply/ });
    await apply.click();
    await page.getByRole("button", { name: "Create this StorageClass" }).click();
    await page.getByRole("button", { name: /^Pod web-0, .*Ready/ }).waitFor();
    const log = page.getByRole("log");
    const type = async (text) => {
      await page.locator(".cm-content").click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(text);
      await apply.click();
    };
    const service = (name, port) => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {ports: [{port: ${port}}]}\n`;
    const beside = ["ServiceAccount", "ConfigMap"].map((kind) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: beside}\n`);
    const container = "{name: main, image: nginx, volumeMounts: [{name: own, mountPath: /own}]}";
    for (const [text, said] of [
      [service("other", 80), "service/other created"],
      [service("wrong", 0), "is invalid"],
      [beside.join("---\n"), "configmap/beside created"],
      ["apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: own}\nspec: {storageClassName: my-storage-class, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n", "persistentvolumeclaim/own created"],
      [`apiVersion: v1\nkind: Pod\nmetadata: {name: own}\nspec: {volumes: [{name: own, persistentVolumeClaim: {claimName: own}}], containers: [${container}]}\n`, "pod/own created"],
    ]) {
      await type(text);
      await log.getByText(said).last().waitFor();
    }
    await type(service("other", 81));
    await page.getByRole("region", { name: "Stage" }).getByText("The simulator is on its way.").waitFor();
    assert.equal(await log.getByText("service/other configured").count(), 0);
    assert.ok(!asked().includes("recordings"));
    assert.deepEqual([heard.messages, heard.errors], [[], []]);
    await close();
  });

  test("why a part did not arrive is said, in the reader's language, and it can be fetched again", async () => {
    const whole = /engine-\w+\.wasm$/;
    const wrong = [
      ["missing", (route) => route.fulfill({ status: 404, body: "" }), /no file engine-\w+\.wasm \(404\)/, /没有文件 engine-/],
      ["failing server", (route) => route.fulfill({ status: 503, body: "" }), /answered 503/, /返回了 503/],
      ["no network", (route) => route.abort("internetdisconnected"), /cannot be reached/, /无法连接/],
      ["wrong type", (route) => route.fulfill({ contentType: "text/html", body: "<p>Sign in</p>" }), /no WebAssembly \(text\/html/, /不是 WebAssembly/],
      ["truncated", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ contentType: "application/wasm", body: (await answer.body()).subarray(0, 5000) });
      }, /^.*5000 bytes came instead of \d+/, /实际为 5000 字节/],
    ];
    // Every other one in Chinese.
    for (const [at, [what, answer, english, chinese]] of wrong.entries()) {
      const [locale, said, again, well] = at % 2
        ? ["zh-CN", chinese, "再试一次", "没有问题"]
        : ["en-US", english, "Try again", "No problems"];
      const { page, heard, close } = await newPage(browser, { locale });
      await page.route(whole, answer);
      await page.goto(server.url);
      await settled(page);
      const bar = page.getByRole("alert").filter({ hasText: said });
      await bar.waitFor();
      await page.unroute(whole);
      await bar.getByRole("button", { name: again }).click();
      await page.getByText(well).waitFor();
      assert.equal(await page.getByRole("alert").count(), 0, what);
      assert.deepEqual(heard.errors, [], what);
      await close();
    }
  });

  test("a program that cannot be loaded says so, in the reader's language", async () => {
    const { page, close } = await newPage(browser, { locale: "zh-CN" });
    await page.route(/\.wasm$/, (route) => route.abort());
    await page.goto(server.url);
    await page.getByText("模拟器没能加载").waitFor();
    await close();
  });

  test("without JavaScript it says what it needs", async () => {
    const { page, close } = await newPage(browser, { javaScriptEnabled: false });
    await page.goto(server.url);
    assert.match(await page.locator("noscript").innerText(), /needs JavaScript/);
    await close();
  });

  test("axe finds nothing, in either theme, wide or narrow", async () => {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1440, 390]) {
        const { page, close } = await visit({ colorScheme, viewport: { width, height: 844 } });
        assert.deepEqual(await axeFindings(page), [], `${colorScheme}, ${width} px`);
        await close();
      }
    }
  });

  test("no width scrolls sideways", async () => {
    const { page, close } = await visit({});
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide at ${width} px`);
      assert.ok(await page.locator(".tl").isVisible(), `the timeline is away at ${width} px`);
      const tabs = await page.locator(".mtabs").isVisible();
      assert.equal(tabs, width < 900, `tabs at ${width} px`);
    }
    await close();
  });

  test("language and theme follow the browser, and the address goes first", async () => {
    const chinese = await visit({ locale: "zh-CN" });
    assert.equal(await chinese.page.getAttribute("html", "lang"), "zh-CN");
    await chinese.close();

    const asked = await visit({ locale: "zh-CN", colorScheme: "light" }, "?lang=en&theme=dark");
    assert.equal(await asked.page.getAttribute("html", "lang"), "en");
    const background = await asked.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    assert.equal(background, "rgb(14, 17, 19)");
    await asked.close();
  });
});
