// node markdown.cjs FILE: the HTML that a public reader of Markdown (as GitHub's) makes of it.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { marked } = require(path.join(__dirname, "..", "node_modules", "marked"));

process.stdout.write(marked.parse(fs.readFileSync(process.argv[2], "utf8"), { gfm: true }));
