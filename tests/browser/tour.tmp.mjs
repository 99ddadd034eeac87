import { openBrowser, newPage, settled } from "./support/browser.js";
import { serve } from "./support/server.js";
const server = await serve(); const browser = await openBrowser();
const shot = (page, n) => page.screenshot({ path: `/tmp/shots/${n}.png` });
const what = process.argv[2] ?? "all";
async function type(page, line){ const p=page.getByRole("textbox",{name:/Terminal|终端/}); await p.fill(line); await p.press("Enter"); }
async function visit(options){ const v=await newPage(browser, options); await v.page.goto(server.url+(options.hash??"")); await settled(v.page); return v; }
async function web(page){ await page.getByRole("button",{name:/^Apply|^应用/}).first().click(); const b=page.getByRole("button",{name:/Create this StorageClass|创建这个/}); await b.waitFor({timeout:8000}).then(()=>b.click()).catch(()=>{});
  await page.getByRole("button",{name:/8/ }).filter({hasText:/^8×$/}).first().click().catch(()=>{}); await page.waitForTimeout(4500); }
try {
 if(what==="all"||what==="desk"){ const {page,heard}=await visit({}); await shot(page,"d0"); await web(page); await shot(page,"d1");
  await type(page,"kubectl set image sts/web nginx=nginx:1.25.3"); await page.waitForTimeout(1200); await shot(page,"d2"); await page.waitForTimeout(6000);
  await page.keyboard.press("Escape"); await page.locator("#stage").focus(); await page.keyboard.press("f"); await page.waitForTimeout(400); await shot(page,"d3"); await page.keyboard.press("Escape"); await page.keyboard.press("Escape");
  await type(page,"kubectl delete sts web"); await page.waitForTimeout(500); await shot(page,"d4"); await page.waitForTimeout(4000); await shot(page,"d5");
  await page.getByRole("button",{name:/Examples|New|\+/}).first().click().catch(()=>{}); await page.waitForTimeout(500); await shot(page,"d6"); console.log(heard.messages.slice(0,5), heard.errors.slice(0,3)); }
 if(what==="all"||what==="dark"){ const {page}=await visit({colorScheme:"dark",locale:"zh-CN"}); await shot(page,"z0"); await web(page); await shot(page,"z1"); await page.locator("#stage").focus(); await page.keyboard.press("f"); await page.waitForTimeout(400); await shot(page,"z2"); }
 if(what==="all"||what==="phone"){ const {page}=await visit({viewport:{width:390,height:844},hasTouch:true}); await shot(page,"p0"); await page.getByRole("button",{name:/^Apply/}).first().click().catch(async()=>{}); await page.waitForTimeout(1500); await shot(page,"p1"); const b=page.getByRole("button",{name:/Create this StorageClass/}); if(await b.count()) await b.first().click(); await page.waitForTimeout(9000); await shot(page,"p2"); }
 if(what==="all"||what==="wide"){ const {page}=await visit({}); await page.locator(".cm-content").click(); await page.keyboard.press("Control+a"); await page.keyboard.insertText("apiVersion: v1\nkind: Service\nmetadata: {name: nginx}\nspec: {clusterIP: None, selector: {app: nginx}, ports: [{port: 80}]}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: nginx\n  replicas: 60\n  podManagementPolicy: Parallel\n  selector: {matchLabels: {app: nginx}}\n  template:\n    metadata: {labels: {app: nginx}}\n    spec: {containers: [{name: nginx, image: nginx}]}\n"); await web(page); await shot(page,"w60"); await type(page,"kubectl scale sts web --replicas=8"); await page.waitForTimeout(6000); await shot(page,"w8"); }
} finally { await browser.close(); server.close(); }
