// The other side of tests/engine/differential_test.cpp: one expression a line (JSON strings) in, one
// canonical form a line out.
const fs = require('fs'), vm = require('vm');
const [, , input, output, prelude] = process.argv;
const text = s => '"' + Array.from({length: s.length}, (_, k) => s.charCodeAt(k)).map(
  c => c >= 32 && c < 127 && c !== 34 && c !== 92 ? String.fromCharCode(c) : '\\u' + c.toString(16)).join('') + '"';
const form = (v, d) => {
  if (d > 64) return 'throws';
  if (v === null) return 'null';
  switch (typeof v) {
    case 'number': return Object.is(v, -0) ? '-0' : String(v);
    case 'string': return text(v);
    case 'function': return 'function';
    case 'object':
      if (Array.isArray(v)) return '[' + Array.from(v, e => form(e, d + 1)).join(',') + ']';
      return '{' + Object.keys(v).map(k => text(k) + ':' + form(v[k], d + 1)).join(',') + '}';
    default: return String(v);
  }
};
const context = vm.createContext({});
const answers = fs.readFileSync(input, 'utf8').split('\n').filter(Boolean).map(line => {
  try { return form(vm.runInContext(prelude + '(' + JSON.parse(line) + ')', context), 0); }
  catch (error) { return 'throws'; }
});
fs.writeFileSync(output, answers.join('\n') + '\n');
