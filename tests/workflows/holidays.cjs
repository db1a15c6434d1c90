// node holidays.cjs FIRST LAST: what a public library (date-holidays) says of France, a line each
// holiday: "2026-04-06 -" for all of it, "2026-12-20 RE" for what a territory has besides.
"use strict";
const path = require("node:path");
const Holidays = require(path.join(__dirname, "..", "node_modules", "date-holidays"));
const [first, last] = process.argv.slice(2).map(Number);
const publicDays = (calendar, year) =>
  calendar.getHolidays(year).filter((day) => day.type === "public").map((day) => day.date.slice(0, 10));
const territories = ["57", "67", "68", "YT", "MQ", "GP", "GF", "RE", "BL", "MF"];
for (let year = first; year <= last; year++) {
  const all = new Set(publicDays(new Holidays("FR"), year));
  for (const day of all) console.log(`${day} -`);
  for (const territory of territories) {
    for (const day of publicDays(new Holidays("FR", territory), year)) {
      if (!all.has(day)) console.log(`${day} ${territory}`);
    }
  }
}
