// Calls of the library, each with arguments of every kind.
#include "tests/engine/expression_generator.h"

namespace aiguillage::engine {

Tree Generator::StringCall(int depth) {
  static const Words kMethods = Split(R"~(
charAt  charCodeAt  slice  substring  substr  indexOf  lastIndexOf  includes  startsWith
endsWith  toUpperCase  toLowerCase  trim  split  concat  at  trimStart  trimEnd  replace
replaceAll  toString  valueOf  search  hasOwnProperty  localeCompare  normalize  codePointAt)~");
  const Tree self = Chance(60) ? String() : Fill("String(@)", {Any(depth - 1)});
  switch (Pick(6)) {
    case 0:
      return Fill(
          "@." + Of({"repeat", "padStart", "padEnd"}) + "(@" + Of({"", ", @", ", 'é😀'"}) + ")",
          {self, Size(), Any(depth - 2)});
    case 1:  // what is likely to be found
      return Fill("@." +
                      Of({"replace", "replaceAll", "split", "indexOf", "lastIndexOf", "includes"}) +
                      "(@, @)",
                  {self, String(), Chance(50) ? Callback(depth - 1) : Any(depth - 2)});
    default:
      return Fill("@." + Of(kMethods) + "(@)", {self, Arguments(depth)});
  }
}

Tree Generator::ArrayCall(int depth) {
  static const Words kMethods = Split(R"~(
join  indexOf  includes  concat  slice  lastIndexOf  reverse  at  push  unshift  pop  shift
flat  toString  fill  splice  hasOwnProperty  flatMap  values  findLast  toSorted)~");
  static const Words kCallbackMethods = Split(R"~(
map  filter  some  every  find  findIndex  forEach  reduce  reduceRight)~");
  static const Words kOrders = Split(R"~(
(a, b) => a - b  (a, b) => b - a  (a, b) => a < b  () => 1  () => -1  () => NaN  () => 0
(a, b) => (a > b) - (a < b)  (a, b) => String(a).length - String(b).length
(a, b) => { list.push(a); return b - a; }  null  5  undefined)~");
  Tree self = Chance(25)   ? Fill(Of({"list", "gaps"}))
              : Chance(10) ? Fill("Array(@)", {Size()})
                           : Array(depth);
  switch (Pick(8)) {
    case 0:
    case 1:
    case 2:
      return Fill("@." + Of(kCallbackMethods) + "(@" + Of({"", ", @", ", @, @"}) + ")",
                  {std::move(self), Callback(depth), Any(depth - 2), Any(depth - 2)});
    case 3:
      // Of more, what contradicts itself is sorted as each engine likes.
      return Fill("(g => g.length > 63 ? [] : g)(@).sort(@)",
                  {std::move(self), Chance(50)   ? Fill(Of(kOrders))
                                    : Chance(70) ? Callback(depth)
                                                 : Arguments(depth)});
    case 4:
      return Fill("(@, " + Of({"list", "gaps"}) + ")",
                  {Fill(Of({"list", "gaps"}) + "." + Of(kMethods) + "(@)", {Arguments(depth)})});
    case 5:
      return Fill("@.concat(@, @).sort()", {std::move(self), Array(depth - 1), Array(depth - 1)});
    default:
      return Fill("@." + Of(kMethods) + "(@)", {std::move(self), Arguments(depth)});
  }
}

Tree Generator::NumberCall(int depth) {
  static const Words kMethods = Split(R"~(
toFixed  toPrecision  toExponential  toString  valueOf  toLocaleString)~");
  Tree self = Chance(60) ? Number() : Fill("Number(@)", {Any(depth - 1)});
  if (Chance(40)) {
    return Fill("(@).toString(" + Of({"2", "3", "7", "16", "36", "10", "1", "37", "'8'"}) + ")",
                {std::move(self)});
  }
  if (Chance(10)) return Fill("(@)." + Of(kMethods) + "(@)", {Any(depth - 1), Arguments(depth)});
  return Fill("(@)." + Of(kMethods) + "(@)", {std::move(self), Arguments(depth)});
}

Tree Generator::ObjectCall(int depth) {
  static const Words kMethods = Split(R"~(
hasOwnProperty  toString  valueOf  isPrototypeOf)~");
  static const Words kLibrary = Split(R"~(
keys  values  entries  fromEntries  assign  is  freeze)~");
  switch (Pick(7)) {
    case 0:
      return Fill("(@)." + Of(kMethods) + "(@)", {Any(depth - 1), Arguments(depth)});
    case 1:
      return Fill("({})." + Of(kMethods) + ".call(@)", {Arguments(depth)});
    case 2:
      return Fill(
          "(@)." + Of({"call", "apply"}) + "(@, @)",
          {Callback(depth), Any(depth - 2), Chance(50) ? Array(depth - 1) : Any(depth - 1)});
    case 3:
      return Fill("Object.entries(Object.assign(@, @))", {Object(depth), Any(depth - 1)});
    case 4:
      return Fill("(@).hasOwnProperty(@)", {Any(depth - 1), Key()});
    default:
      return Fill("Object." + Of(kLibrary) + "(@)", {Arguments(depth)});
  }
}

Tree Generator::LibraryCall(int depth) {
  static const Words kFunctions = Split(R"~(
String  Number  Boolean  parseInt  parseFloat  isNaN  isFinite  Object  Error
Number.isInteger  Number.isSafeInteger  Number.isNaN  Number.isFinite  Array.isArray
Number.parseInt  Number.parseFloat  Array.of  Array.from  String.fromCharCode  RangeError
Function  String.raw  Array.from)~");
  static const Words kConstants = Split(R"~(
Number.EPSILON  Number.MAX_VALUE  Number.MIN_VALUE  Number.MAX_SAFE_INTEGER
Number.MIN_SAFE_INTEGER  Math.E  Number.POSITIVE_INFINITY  Number.NEGATIVE_INFINITY
Number.NaN  Math.PI  Math.LN2  Math.LN10  Math.LOG2E  Math.LOG10E  Math.SQRT2  Math.SQRT1_2)~");
  switch (Pick(8)) {
    case 0:
      return Fill(Of(kConstants));
    case 1:
      return Fill("parseInt(@, @)", {Any(depth - 1), Chance(50) ? Number() : Size()});
    case 2:
      return Fill("Array.from(@, @)", {Any(depth - 1), Callback(depth)});
    case 3:
      return Fill("Array(@)", {Size()});
    case 4:
      return Fill("Array.from({length: @, 0: @}, @)", {Size(), Any(depth - 2), Callback(depth)});
    default:
      return Fill(Of(kFunctions) + "(@)", {Arguments(depth)});
  }
}

// Of the functions whose last digits ECMA-262 leaves to the engine, twelve digits.
Tree Generator::MathCall(int depth) {
  static const Words kExact = Split(R"~(
abs  floor  ceil  round  trunc  sign  sqrt  max  min  random  clz32)~");
  static const Words kRounded = Split(R"~(
sin  cos  tan  exp  log  log2  log10  cbrt  pow  hypot)~");
  if (Chance(70)) return Fill("Math." + Of(kExact) + "(@)", {Arguments(depth)});
  return Fill("Number(Math." + Of(kRounded) + "(@).toPrecision(12))", {Arguments(depth)});
}

Tree Generator::JsonCall(int depth) {
  static const Words kTexts = Split(R"~(
'{"a":1,"b":[2,-0,1e400],"a":{"c":null}}'  '[1,2'  '"\\ud83d"'
'"\\ud83d\\ude00\\u00e9\\n\\/"'  '\ufeff1'  '-0'  '{"1":1,"a":{},"0":null}'  '[1,]'  '01'
'1.'  '1.50e+2'  '"\t"'  ' [ ] '  '{"__proto__":1}'  'nul'  'true '  '"a'
'{"a" : [ ] , "b":"\\u0041"}'  '\u00a01'  '-'  '{a:1}'  '[1 2]'  '"\ud83d"'  '"\\x"'  '5e-400'
'{"a":1,}'  '""'  '[[[1]]]'  '9007199254740993'  '"\\u00"'  '.5'  '+1'  '{"length":2}')~");
  static const Words kIndents = Split(R"~(
2  0  '-'  '\t'  20  null  '12345678901'  1.9  '😀')~");
  switch (Pick(5)) {
    case 0:
      return Fill("JSON.parse(" + Of(kTexts) + Of({"", "", "", ", @"}) + ")", {Callback(depth)});
    case 1:
      return Fill("JSON.parse(JSON.stringify(@))", {Any(depth - 1)});
    case 2:
      return Fill("JSON.stringify(@, @, " + Of(kIndents) + ")",
                  {Any(depth - 1), Chance(80) ? Fill("null") : Any(depth - 2)});
    case 3:
      return Fill("JSON.stringify(@)", {Any(depth - 1)});
    default:
      return Fill("JSON.parse(@)", {Any(depth - 1)});
  }
}

}  // namespace aiguillage::engine
