// The other side of tests/engine/differential_test.cpp: one expression a line (JSON strings) in, one
// canonical form a line out. Strict mode, since the subset is what means the same in it.
const fs = require('fs'), vm = require('vm');
const [, , input, output, prelude] = process.argv;
const text = s => '"' + Array.from({length: s.length}, (_, k) => s.charCodeAt(k)).map(
  c => c >= 32 && c < 127 && c !== 34 && c !== 92 ? String.fromCharCode(c) : '\\u' + c.toString(16)).join('') + '"';
let left;
const part = (v, d) => {
  if (d > 64 || --left < 0) return left = -1, '';
  if (v === null) return 'null';
  switch (typeof v) {
    case 'number': return Object.is(v, -0) ? '-0' : String(v);
    case 'string': return text(v);
    case 'function': return 'function';
    case 'object':
      if (Array.isArray(v)) {
        return '[' + Array.from(v, (e, k) => k in v ? part(e, d + 1) : 'hole').join(',') + ']';
      }
      if (Object.prototype.toString.call(v) === '[object Error]') return v.name;
      return '{' + Object.keys(v).map(k => text(k) + ':' + part(v[k], d + 1)).join(',') + '}';
    default: return String(v);
  }
};
const form = v => {
  left = 5000;
  const made = part(v, 0);
  return left < 0 ? 'too large' : made;
};
// What a script changes for good may change the answers of those after it: the library is frozen, and
// its prototypes are new ones now and then. (A disagreement is asked again alone.)
const fresh = () => {
  const context = vm.createContext({});
  vm.runInContext(`for (const one of [Math, JSON, Object, Array, String, Number, Boolean, Function, Error,
    TypeError, RangeError, SyntaxError, ReferenceError]) {
    Object.freeze(one);
    for (const key of Object.getOwnPropertyNames(one)) if (typeof one[key] === 'function') Object.freeze(one[key]);
  }`, context);
  return context;
};
// In a context of vm, a function assigned to a name that nobody declared makes a global even in strict
// mode (node_contextify.cc, is_function), which ECMA-262 forbids: then there is no answer.
const unknown = context => {
  const made = Object.keys(context);
  for (const name of made) delete context[name];
  return made.length > 0;
};
let context;
const answers = fs.readFileSync(input, 'utf8').split('\n').filter(Boolean).map((line, k) => {
  if (k % 500 === 0) context = fresh();
  const source = `(function () { 'use strict'; ${prelude}\nreturn (${JSON.parse(line)}\n); })()`;
  let answer;
  try { answer = form(vm.runInContext(source, context)); }
  catch (error) { answer = 'throws ' + form(error); }
  return unknown(context) ? 'unknown' : answer;
});
fs.writeFileSync(output, answers.join('\n') + '\n');
