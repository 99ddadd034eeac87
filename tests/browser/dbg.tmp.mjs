import { openBrowser, newPage } from "./support/browser.js";
import { serve } from "./support/server.js";
const server = await serve(); const browser = await openBrowser();
const v=await newPage(browser,{}); await v.page.goto(server.url); await v.page.waitForTimeout(5000); await v.page.screenshot({path:"/tmp/shots/dbg.png"}); console.log(v.heard.messages, v.heard.errors, v.heard.failures, v.heard.violations); await browser.close(); server.close();
