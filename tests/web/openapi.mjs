// node openapi.mjs SPEC                     is it OpenAPI 3.1? « 3.1 » or what is wrong
// node openapi.mjs SPEC SCHEMA FILE         is the JSON of FILE a SCHEMA of it? « ok » or what is wrong
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../package.json", import.meta.url));
const [spec, schema, file] = process.argv.slice(2);
const document = JSON.parse(readFileSync(spec, "utf8"));
if (!schema) {
  const { Validator } = await import(require.resolve("@seriousme/openapi-schema-validator"));
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  console.log(valid ? validator.version : JSON.stringify(errors));
} else {
  const { default: Ajv } = require("ajv/dist/2020.js");
  const ajv = new Ajv({ strict: false, allErrors: true });
  require("ajv-formats").default(ajv);
  ajv.addSchema({ ...document, $id: "openapi" }, "openapi");
  const check = ajv.compile({ $ref: `openapi#/components/schemas/${schema}` });
  console.log(check(JSON.parse(readFileSync(file, "utf8"))) ? "ok" : JSON.stringify(check.errors));
}
