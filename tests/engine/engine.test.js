// dist/engine/ in Node: the example of its README, its promises, and what a thousand Pods cost.
// `DIST=… node --test`; `cargo xtask test engine` does both.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { example } from "./example.js";

const folder = join(process.env.DIST, "engine");
let engine;

before(async () => {
  engine = await import(pathToFileURL(join(folder, "index.js")));
});

const pods = (lab) => lab.objects("pods").map((pod) => `${pod.metadata.name} ${pod.status.phase}`);

test("the example of the README runs as a program of its own", async (t) => {
  const place = await mkdtemp(join(tmpdir(), "ordinal-"));
  after(() => rm(place, { recursive: true }));
  await cp(folder, join(place, "engine"), { recursive: true });
  await writeFile(join(place, "example.mjs"), example(await readFile(join(folder, "README.md"), "utf8")));
  const printed = execFileSync(process.execPath, ["example.mjs"], { cwd: place, encoding: "utf8" });
  t.diagnostic(printed);
  assert.match(printed, /service\/nginx created\nstatefulset\.apps\/web created/);
  assert.match(printed, /\[ 'web-0 Pending' \]/);
  assert.match(printed, /WaitsForReadyPredecessor: web-1 is not created/);
  assert.match(printed, /web-2 +1\/1 +Running/);
  assert.match(printed, /statefulset\.apps\/web scaled/);
  assert.match(printed, /^1 ready at \d+/m);
});

test("the package has what its manifest names, and no more dependencies", async () => {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  for (const file of [...manifest.files, "README.md"]) await readFile(join(folder, file));
  assert.equal(manifest.dependencies, undefined);
  const types = await readFile(join(folder, "engine.d.ts"), "utf8");
  for (const name of ["run(line: string", "LabOptions", "): RunResult", "): KubernetesObject[]", "): Why[]"]) {
    assert.ok(types.includes(name), `engine.d.ts has no ${name}`);
  }
});

test("a fault happens, is in force, and is taken back", () => {
  const lab = new engine.Lab();
  lab.run("kubectl apply -f -", SET(3));
  lab.settle();
  const node = lab.objects("pods").find((pod) => pod.metadata.name === "web-1").spec.nodeName;
  lab.fault({ CutNetwork: { node } });
  lab.advance(60_000);
  assert.match(lab.run(`kubectl get node ${node}`).stdout, /NotReady/);
  const [cut, ...others] = lab.inForce();
  assert.deepEqual([cut.what, cut.subject, others], ["CutNetwork", node, []]);
  assert.equal(cut.since, lab.records().find((record) => record.what === "fault").at);
  lab.fault(cut.undo.fault);
  lab.settle();
  assert.deepEqual(lab.inForce(), []);
  assert.doesNotMatch(lab.run("kubectl get nodes").stdout, /NotReady/);
  assert.throws(() => lab.fault({ Hang: { namespace: "default", pod: "web-9" } }), /There is no Pod web-9\./);
  assert.throws(() => lab.fault({ Rain: {} }), /no such fault/);
});

const SET = (replicas, policy = "OrderedReady") => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: nginx
  replicas: ${replicas}
  podManagementPolicy: ${policy}
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec: {containers: [{name: nginx, image: "nginx:1.7.9"}]}
`;

test("a snapshot is a moment that restore goes back to, and the same calls give the same history", () => {
  const lab = new engine.Lab({ seed: 11 });
  lab.run("kubectl apply -f -", SET(3));
  lab.advance(1500);
  const [then, moment] = [lab.now, lab.snapshot()];
  const play = (which) => {
    which.settle();
    return JSON.stringify([which.records(), which.objects("pods"), which.now]);
  };
  const first = play(lab);
  lab.run("kubectl delete sts web");
  lab.restore(moment);
  assert.equal(lab.now, then);
  assert.equal(play(lab), first);
  const again = new engine.Lab({ seed: 11 });
  again.run("kubectl apply -f -", SET(3));
  again.advance(1500);
  assert.equal(play(again), first);
});

test("commands have exit codes, standard input and an end", () => {
  const lab = new engine.Lab();
  const failed = lab.run("kubectl get pod nobody");
  assert.equal(failed.exit, 1);
  assert.equal(failed.stderr, 'Error from server (NotFound): pods "nobody" not found\n');
  lab.run("kubectl create -f -", SET(2));
  const before = lab.now;
  const status = lab.run("kubectl rollout status sts/web");
  assert.equal(status.exit, 0);
  assert.match(status.stdout, /partitioned roll out complete|rolling update complete 2 pods/);
  assert.ok(lab.now > before, "time passed while the command waited");
  const watch = lab.run("kubectl get pods -w", undefined, 2000);
  assert.equal(watch.exit, null);
  assert.deepEqual(pods(lab), ["web-0 Running", "web-1 Running"]);
});

test("images, nodes and language are what the options say, and mistakes are errors", () => {
  const lab = new engine.Lab({ nodes: ["a", { name: "b", cpu: "2" }], images: { "nginx:1.7.9": "pull-fails" }, lang: "zh-CN" });
  assert.deepEqual(lab.objects("node").map((node) => [node.metadata.name, node.status.allocatable.cpu]), [["a", "8"], ["b", "2"]]);
  lab.run("kubectl apply -f -", SET(2));
  lab.settle(60_000);
  assert.match(lab.run("kubectl get pods").stdout, /web-0 +0\/1 +(ErrImagePull|ImagePullBackOff)/);
  assert.match(lab.why("sts/web")[0].sentence, /[一-鿿]/);
  assert.throws(() => lab.objects("cats"), /resource type "cats"/);
  assert.throws(() => new engine.Lab({ lang: "fr" }), /lang/);
  assert.throws(() => lab.why("web"), /kind\/name/);
});

test("what is no number, no text or no span of time is refused, and the laboratory goes on", () => {
  const lab = new engine.Lab();
  for (const ms of [1e12, Infinity, -Infinity, NaN, -1]) {
    assert.throws(() => lab.advance(ms), { name: "RangeError", message: /^ms is a number of milliseconds/ });
    assert.throws(() => lab.settle(ms), RangeError);
    assert.throws(() => lab.run("kubectl get pods", "", ms), RangeError);
  }
  for (const wrong of [5, undefined, null, {}, ["kubectl"]]) {
    assert.throws(() => lab.run(wrong), { name: "TypeError", message: "line is a string" });
    assert.throws(() => lab.objects(wrong), TypeError);
    assert.throws(() => lab.why(wrong), TypeError);
    assert.throws(() => engine.playRecording(wrong), TypeError);
  }
  assert.throws(() => lab.advance("1000"), TypeError);
  assert.throws(() => lab.run("kubectl apply -f -", 5), TypeError);
  assert.throws(() => lab.records("0"), TypeError);
  assert.throws(() => lab.restore({}));
  assert.throws(() => new engine.Lab({ nodes: ["a", "a"] }), /"a" is there twice/);
  for (const seconds of [-1, 1e300]) {
    const text = JSON.stringify({ id: "x", steps: [{ do: { apply: SET(1), settle: seconds } }] });
    assert.throws(() => engine.playRecording(text), /settle is a number of seconds/);
  }
  assert.equal(lab.now, 0);
  assert.equal(lab.run("kubectl get pods", null, null).exit, 0);
  lab.advance(1000);
  assert.equal(lab.now, 1000);
});

test("a recording plays as it was recorded", async () => {
  const text = await readFile(new URL("../conformance/recordings/D04-forced-rollback.json", import.meta.url), "utf8");
  const played = engine.playRecording(text);
  assert.equal(played.passed, true);
  assert.equal(played.area.letter, "D");
  assert.ok(played.steps.every((step) => step.differences.length === 0));
  const wrong = engine.playRecording(text.replace('"exit": 0', '"exit": 3').replace('"exit":0', '"exit":3'));
  assert.equal(wrong.passed, false);
});

// Seconds of a processor until all are Ready; whatever the machine does for it counts.
function secondsUntilReady(replicas) {
  const lab = new engine.Lab({ nodes: 10 });
  const begun = process.cpuUsage();
  lab.run("kubectl apply -f -", SET(replicas, "Parallel"));
  while (lab.objects("sts")[0].status.readyReplicas !== replicas) {
    lab.advance(1000);
    assert.ok(lab.now < 600_000, "not Ready after ten minutes");
  }
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

// How long that takes is said, not judged: it hangs on the machine. The goal is 2 s of a processor. With two
// cores and nothing beside it 1.4 to 1.8 s were measured here, where the tests above have had a part compiled, and
// 2.0 to 2.1 s in a process that does nothing else; 0.8 to 1.1 s of that are no compiling.
test("a thousand Pods in Parallel become Ready", (t) => {
  const [first, again] = [secondsUntilReady(1000), secondsUntilReady(1000)];
  t.diagnostic(`${first.toFixed(2)} s of a processor, compiling included; ${again.toFixed(2)} s once that is done`);
});

// Each growth of the memory is new garbage to JavaScript's collector: by pages there would be hundreds.
test("the memory grows by large pieces", async () => {
  const { memory } = await (await import(pathToFileURL(join(folder, "engine.js")))).default();
  const sizes = new Set();
  const lab = new engine.Lab({ nodes: 10 });
  lab.run("kubectl apply -f -", SET(300, "Parallel"));
  for (let step = 0; step < 600; step += 1) {
    sizes.add(memory.buffer.byteLength);
    lab.advance(20);
  }
  assert.equal(lab.objects("sts")[0].status.readyReplicas, 300);
  assert.ok(sizes.size < 8, `${sizes.size} sizes of the memory within one run`);
});
