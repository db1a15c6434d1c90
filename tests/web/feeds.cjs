// node feeds.cjs ics|atom FILE: what public readers understand of it, a line each event or entry.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const modules = path.join(__dirname, "..", "node_modules");
const [kind, file] = process.argv.slice(2);
const text = fs.readFileSync(file, "utf8");

async function main() {
  if (kind === "ics") {
    const { default: ICAL } = await import(path.join(modules, "ical.js", "dist", "ical.js"));
    const calendar = new ICAL.Component(ICAL.parse(text));
    for (const part of calendar.getAllSubcomponents("vevent")) {
      const event = new ICAL.Event(part);
      const status = part.getFirstPropertyValue("status");
      const category = part.getFirstPropertyValue("categories");
      console.log(`${event.uid} ${event.sequence} ${event.startDate} ${status} ${event.summary} | ${category}`);
    }
  } else {
    const Parser = require(path.join(modules, "rss-parser"));
    const feed = await new Parser().parseString(text);
    for (const item of feed.items) console.log(`${item.id} ${item.isoDate} ${item.title} ${item.link}`);
  }
}
main().catch((error) => { console.error(error); process.exit(1); });
