// Expressions as people write them in guards and computed fields, and what must not harm us.
#include "engine/expression.h"

#include <gtest/gtest.h>

#include <string>

namespace aiguillage::engine {
namespace {

using nlohmann::json;

std::string Eval(const std::string& text, const std::map<std::string, json>& variables = {},
                 const Limits& limits = {}) {
  const auto parsed = ParseExpression(text);
  if (!parsed) return parsed.refusal().sentence;
  const auto result = Evaluate(parsed.value(), variables, limits);
  return result ? result.value().dump() : result.refusal().code;
}

TEST(Expression, ComputesAsEcmascriptDoes) {
  EXPECT_EQ(Eval("1 + 2 * 3 ** 2 % 4"), "3");
  EXPECT_EQ(Eval("'a' + 1 + 2"), "\"a12\"");
  EXPECT_EQ(Eval("1 + 2 + 'a'"), "\"3a\"");
  EXPECT_EQ(Eval("'10' * '2' - '4'"), "16");
  EXPECT_EQ(Eval("null == undefined && null !== undefined"), "true");
  EXPECT_EQ(Eval("[1, 2] + ''"), "\"1,2\"");
  EXPECT_EQ(Eval("[] + {}"), "\"[object Object]\"");
  EXPECT_EQ(Eval("'b' > 'a' && '10' < '9' && 10 > '9'"), "true");
  EXPECT_EQ(Eval("typeof nowhere + typeof null + typeof (() => 1) + typeof 1n"),
            "caractère 58 : a number with n or _ is not in the subset");
  EXPECT_EQ(Eval("-1 >>> 0"), "4294967295");
  EXPECT_EQ(Eval("0.1 + 0.2 + ''"), "\"0.30000000000000004\"");
  EXPECT_EQ(Eval("(1e21 + 1e-7) + '' + 1 / 3"), "\"1e+210.3333333333333333\"");
  EXPECT_EQ(Eval("(2.5).toFixed(0) + (1.005).toFixed(2) + (-1.5).toFixed(0)"), "\"31.00-2\"");
  EXPECT_EQ(Eval("parseInt('12px') + parseFloat('.5e1x') + Number('0x1f')"), "48");
}

TEST(Expression, ReadsTextAsUtf16) {
  EXPECT_EQ(Eval("'été'.length + 'été'.toUpperCase()"), "\"3ÉTÉ\"");
  EXPECT_EQ(Eval("'😀'.length"), "2");
  EXPECT_EQ(Eval("'😀'.charCodeAt(1)"), "56832");
  EXPECT_EQ(Eval("'😀'[0] + '😀'[1]"), "\"😀\"");
  EXPECT_EQ(Eval("' a-b '.trim().split('-').join('+')"), "\"a+b\"");
  EXPECT_EQ(Eval("'abc'.slice(-2) + 'abc'.padStart(5, '*') + 'aXbX'.replace('X', '$&$&')"),
            "\"bc**abcaXXbX\"");
}

TEST(Expression, KnowsArraysObjectsAndFunctions) {
  const json answers = {{"scores", {72, 64, 58}}, {"name", "Léa"}};
  EXPECT_EQ(Eval("answers.scores.filter(s => s >= 60).length", {{"answers", answers}}), "2");
  EXPECT_EQ(Eval("answers.scores.reduce((a, b) => a + b, 0) / answers.scores.length",
                 {{"answers", answers}}),
            "64.66666666666667");
  EXPECT_EQ(Eval("answers['na' + 'me'] + answers.missing", {{"answers", answers}}),
            "\"Léaundefined\"");
  EXPECT_EQ(Eval("answers.missing?.deeper.and(1)?.more ?? 'none'", {{"answers", answers}}),
            "\"none\"");
  EXPECT_EQ(Eval("Object.keys({b: 1, a: 2, 1: 3}).join()"), "\"1,b,a\"");
  EXPECT_EQ(Eval("(function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); })(12)"), "144");
  EXPECT_EQ(Eval("[3, 1, 10].sort().concat([3, 1, 10].sort((a, b) => a - b))"), "[1,10,3,1,3,10]");
  EXPECT_EQ(Eval("((a, b = 2, ...rest) => [a, b, rest.length])(1, undefined, 3, 4)"), "[1,2,2]");
  EXPECT_EQ(Eval("`${1 + 1} sur ${[...'ab'].length}`"), "\"2 sur 2\"");
  EXPECT_EQ(Eval("JSON.stringify({a: [1, undefined, 'é'], b: undefined})"),
            "\"{\\\"a\\\":[1,null,\\\"é\\\"]}\"");
  EXPECT_EQ(Eval("[1, [2]] instanceof Array && !({} instanceof Array) && 'a' in {a: 1}"), "true");
}

TEST(Expression, TellsUndeclaredFromUndefined) {
  EXPECT_EQ(Eval("nowhere"), "error.execution");
  EXPECT_EQ(Eval("typeof nowhere"), "\"undefined\"");
  EXPECT_EQ(Eval("a.b", {{"a", json::object()}}), "null");
  EXPECT_EQ(Eval("a.b.c", {{"a", json::object()}}), "error.execution");
  EXPECT_EQ(Eval("Math.random()"), "error.execution");
  EXPECT_EQ(Eval("Date"), "error.execution");
}

TEST(Expression, SaysWhereItIsWrong) {
  EXPECT_EQ(Eval("rounds < "), "caractère 10 : expected an expression, but got the end");
  EXPECT_EQ(Eval("(1 + 2"), "caractère 1 : '(' is never closed");
  EXPECT_EQ(Eval("a = 1 b"), "caractère 7 : expected the end of the expression, but got 'b'");
  EXPECT_EQ(Eval("/x/.test('y')"),
            "caractère 1 : regular expressions are not in the subset, but got '/'");
  EXPECT_EQ(Eval("1 = 2"), "caractère 1 : this cannot be assigned to");
}

TEST(Expression, TellsWhatItReads) {
  const Expression guard =
      ParseExpression("rounds < 2 && _event.data.verdict == 'ok' && list.some(x => x.y > z)")
          .value();
  EXPECT_EQ(json(guard.FreeNames()).dump(), R"(["rounds","_event","list","z"])");
  EXPECT_EQ(json(guard.Paths()).dump(), R"(["rounds","_event.data.verdict","list","z"])");
  EXPECT_TRUE(guard.Reads("_event"));
  EXPECT_FALSE(guard.Assigns());
  EXPECT_TRUE(ParseExpression("a.b = 1").value().Assigns());
  EXPECT_TRUE(ParseExpression("1 + 1 == 2").value().IsConstant());
}

TEST(Expression, StopsWhatWouldNotStop) {
  EXPECT_EQ(Eval("(function () { for (;;) {} })()"), "budget");
  EXPECT_EQ(Eval("(function () { while (true) { try { for (;;); } catch (e) {} } })()"), "budget");
  EXPECT_EQ(Eval("(function f() { return g(); function g() { return f(); } })()"), "budget");
  EXPECT_EQ(Eval("(function () { var s = 'x'; for (;;) s += s; })()"), "budget");
  EXPECT_EQ(Eval("(function () { var a = []; for (;;) a.push(a.concat(a)); })()"), "budget");
  EXPECT_EQ(Eval("'x'.repeat(1e9)"), "budget");
  EXPECT_EQ(Eval("[].fill.call(new Array(1e9), 1)"), "budget");
  EXPECT_EQ(Eval("(function () { var a = []; a[1e8] = 1; })()"), "budget");
  EXPECT_EQ(Eval("(function () { var a = [0]; a[0] = a; return a; })()"), "error.execution");
  EXPECT_EQ(Eval("(function () { var a = [0]; a[0] = a; return '' + a; })()"), "budget");
}

// Each of these was slow, took memory without counting it, or touched memory that was gone.
TEST(Expression, CountsWhatTheLibraryDoes) {
  EXPECT_EQ(Eval("'a'.repeat(1e5).indexOf('a'.repeat(5e4) + 'b')"), "budget");
  EXPECT_EQ(Eval("'a'.repeat(1e5).lastIndexOf('b' + 'a'.repeat(5e4))"), "budget");
  EXPECT_EQ(Eval("'a'.repeat(1e5).split('a'.repeat(5e4) + 'b').length"), "budget");
  EXPECT_EQ(Eval("'a'.repeat(1e5).replaceAll('a'.repeat(5e4) + 'b', '').length"), "budget");
  EXPECT_EQ(Eval("'é'.repeat(1e5).replaceAll('é', 'e').length"), "budget");
  EXPECT_EQ(Eval("(function () { var s = '1'.repeat(2e5); for (;;) +s; })()"), "budget");
  EXPECT_EQ(Eval("[1, 2, 3].fill('x'.repeat(2e5)).length"), "3");
  EXPECT_EQ(Eval("Array(1e3).fill('x'.repeat(2e5))"), "error.execution");
  EXPECT_EQ(Eval("'x'.padStart(1e9)"), "budget");
  EXPECT_EQ(Eval("(function () { var a = []; a.length = 1e9; })()"), "budget");
  EXPECT_EQ(Eval("JSON.parse('['.repeat(1e4))"), "budget");
  EXPECT_EQ(Eval("(function () { var a = [1]; for (var i = 0; i < 40; ++i) a = [a, a];"
                 " return JSON.stringify(a); })()"),
            "budget");
  EXPECT_EQ(Eval("(function () { var a = 'x'.repeat(2e5), b = a + 'y', c = a + 'y'; while (b === "
                 "c); })()"),
            "budget");
  EXPECT_EQ(Eval("(function () { var o = {}, i; for (i = 0; i < 4000; ++i) o['k' + i] = 1;"
                 " for (i = 0; i < 4000; ++i) delete o['k' + i]; })()"),
            "budget");
  EXPECT_EQ(Eval("(function () { var a = Array(2e5); for (;;) a.forEach(x => x); })()"), "budget");
  EXPECT_EQ(Eval("(function () { var o = {}, k = 'x'.repeat(2e5); for (;;) o[[k]]; })()"),
            "budget");
  EXPECT_EQ(Eval("Array.from({length: 1e9}).length"), "budget");
  EXPECT_EQ(Eval("(function () { var a = [1]; Array.from(a, x => a.push(x)); })()"), "budget");
  EXPECT_EQ(Eval("[3, 1, 2].sort(() => -1).length + [3, 1, 2].sort(() => NaN).length"), "6");
  EXPECT_EQ(Eval("(function () { var o = {toString() { return '' + o; }}; return '' + o; })()"),
            "budget");
}

TEST(Expression, BearsArgumentsThatChangeTheArray) {
  const auto emptied = [](const std::string& call) {
    return Eval(
        "(function () { var a = [1, 2, 3], z = {valueOf() { a.length = 0; return 3; }};"
        " return " +
        call + "; })()");
  };
  EXPECT_EQ(emptied("a.fill(0, 0, z)"), "[]");  // as V8, not as ECMA-262
  EXPECT_EQ(emptied("a.slice(0, z)"), "[null,null,null]");
  EXPECT_EQ(emptied("a.splice(0, z).length"), "3");  // three holes
  EXPECT_EQ(emptied("a.at(z)"), "null");
  EXPECT_EQ(emptied("a.indexOf(3, z)"), "-1");
}

// Reading must not cost the square of what is read, nor a call that of what it declares.
TEST(Expression, BearsManyNames) {
  std::string sum = "0", names, values;
  for (int i = 0; i < 900; ++i) {
    sum += " + typeof n" + std::to_string(i);
    values += "," + std::to_string(i);
  }
  for (int i = 0; i < 12'000; ++i) names += "var v" + std::to_string(i) + ";";
  EXPECT_EQ(ParseExpression(sum).value().FreeNames().size(), 900U);
  EXPECT_EQ(Eval("(function () { " + names + " for (;;) v11999; })()"), "budget");
  const std::string in_blocks = std::string(150, '{') + names + std::string(150, '}');
  EXPECT_EQ(Eval("(function () { " + in_blocks + " return typeof v7; })()"), "\"undefined\"");
  EXPECT_EQ(Eval("[0" + values + "].length"), "901");
  std::string chain = "new a";
  for (int i = 0; i < 60'000; ++i) chain += ".b";
  EXPECT_NE(Eval(chain).find("chains more than 1000"), std::string::npos);
}

// No try may go on where another engine would have answered.
TEST(Expression, RefusesForGood) {
  EXPECT_EQ(Eval("(function () { try { return 'a'.match('a'); } catch (e) { return 1; } })()"),
            "error.execution");
  EXPECT_EQ(Eval("(function () { try { return Date; } finally { return 1; } })()"),
            "error.execution");
}

TEST(Expression, RefusesDeepBrackets) {
  const std::string deep(10'000'000, '(');
  EXPECT_EQ(Eval(deep), "caractère 1 : it is longer than 256 KiB");
  EXPECT_NE(Eval(deep.substr(0, 200'000)).find("nested more than 200 deep"), std::string::npos);
  std::string chain = "1";
  for (int i = 0; i < 900; ++i) chain += "+1";
  EXPECT_EQ(Eval(chain), "901");
  std::string minus(5000, '!');
  EXPECT_NE(Eval(minus + "1").find("nested too deep"), std::string::npos);
  std::string ternary;
  for (int i = 0; i < 5000; ++i) ternary += "1?1:";
  EXPECT_NE(Eval(ternary + "1").find("nested too deep"), std::string::npos);
}

}  // namespace
}  // namespace aiguillage::engine
