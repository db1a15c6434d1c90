// Number, Boolean, Math, and the functions on numbers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

double SelfNumber(Machine& m, const Cell& self) {
  if (!self.IsNumber()) m.Throw("TypeError", "a number method needs a number");
  m.Charge(16);  // a thousand digits, sometimes
  return self.number;
}

// Rounds exact decimal digits half up: printf rounds half to even.
std::string RoundedDigits(double number, int decimals) {
  char exact[1200];
  std::snprintf(exact, sizeof exact, "%.*f", 1080, number);
  std::string digits(exact);
  const std::size_t keep = digits.find('.') + 1 + static_cast<std::size_t>(decimals);
  const bool up = digits[keep] >= '5';
  digits.resize(keep);
  if (decimals == 0) digits.pop_back();
  if (!up) return digits;
  for (std::size_t i = digits.size(); i-- > 0;) {
    if (digits[i] == '.') continue;
    if (digits[i] != '9') return ++digits[i], digits;
    digits[i] = '0';
  }
  return "1" + digits;
}

// `count` digits of a number, rounded half up, and the power of ten of the first.
std::string SignificantDigits(double number, int count, int& exponent) {
  char exact[1200];
  std::snprintf(exact, sizeof exact, "%.*e", 1080, number);
  std::string digits(exact);
  const std::size_t e = digits.find('e');
  exponent = std::atoi(digits.c_str() + e + 1);
  digits.erase(e).erase(1, 1);
  const auto keep = static_cast<std::size_t>(count);
  const bool up = digits[keep] >= '5';
  digits.resize(keep);
  std::size_t i = keep;
  while (up && i > 0 && digits[i - 1] == '9') digits[--i] = '0';
  if (!up) return digits;
  if (i > 0) return ++digits[i - 1], digits;
  ++exponent;
  digits.pop_back();
  return "1" + digits;
}

// "1", "234" and -3: 1.234e-3
std::string WithExponent(const std::string& digits, int exponent) {
  return digits.substr(0, 1) + (digits.size() > 1 ? "." + digits.substr(1) : "") +
         (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

Cell ToFixed(Machine& m, const Cell& self, Arguments a) {
  const double number = SelfNumber(m, self);
  const double decimals = m.ToInteger(At(a, 0));
  if (decimals < 0 || decimals > 100) m.Throw("RangeError", "toFixed needs 0 to 100 digits");
  if (!std::isfinite(number) || std::fabs(number) >= 1e21) return m.MakeString(FromNumber(number));
  const std::string digits = RoundedDigits(std::fabs(number), static_cast<int>(decimals));
  return m.MakeString((number < 0 ? "-" : "") + digits);
}

Cell ToPrecision(Machine& m, const Cell& self, Arguments a) {
  const double number = SelfNumber(m, self);
  if (At(a, 0).IsUndefined()) return m.MakeString(FromNumber(number));
  const double digits = m.ToInteger(a[0]);
  if (!std::isfinite(number)) return m.MakeString(FromNumber(number));
  if (digits < 1 || digits > 100) m.Throw("RangeError", "toPrecision needs 1 to 100 digits");
  int exponent = 0;
  const std::string all = SignificantDigits(std::fabs(number), static_cast<int>(digits), exponent);
  const std::string sign = number < 0 ? "-" : "";
  if (exponent < -6 || exponent >= static_cast<int>(digits)) {
    return m.MakeString(sign + WithExponent(all, exponent));
  }
  if (exponent < 0) {
    return m.MakeString(sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') +
                        all);
  }
  const auto point = static_cast<std::size_t>(exponent) + 1;
  return m.MakeString(sign + all.substr(0, point) +
                      (point < all.size() ? "." + all.substr(point) : ""));
}

Cell ToExponential(Machine& m, const Cell& self, Arguments a) {
  const double number = SelfNumber(m, self);
  const double decimals = m.ToInteger(At(a, 0));
  if (!std::isfinite(number)) return m.MakeString(FromNumber(number));
  if (decimals < 0 || decimals > 100) m.Throw("RangeError", "toExponential needs 0 to 100 digits");
  int exponent = 0;
  std::string all = SignificantDigits(std::fabs(number), static_cast<int>(decimals) + 1, exponent);
  if (At(a, 0).IsUndefined()) all = ShortestDigits(number, exponent);
  return m.MakeString((number < 0 ? "-" : "") + WithExponent(all, exponent));
}

Cell NumberToString(Machine& m, const Cell& self, Arguments a) {
  const double number = SelfNumber(m, self);
  const double radix = At(a, 0).IsUndefined() ? 10 : m.ToInteger(a[0]);
  if (radix < 2 || radix > 36) m.Throw("RangeError", "toString needs a radix of 2 to 36");
  return m.MakeString(FromNumber(number, static_cast<int>(radix)));
}

Cell NumberValueOf(Machine& m, const Cell& self, Arguments) {
  return Cell::Number(SelfNumber(m, self));
}

Cell NumberCall(Machine& m, const Cell&, Arguments a) {
  return Cell::Number(a.empty() ? 0 : m.ToNumber(a[0]));
}

Cell BooleanCall(Machine&, const Cell&, Arguments a) { return Cell::Boolean(Truthy(At(a, 0))); }
Cell BooleanValueOf(Machine& m, const Cell& self, Arguments) {
  if (self.kind != Cell::Kind::kBoolean) m.Throw("TypeError", "it is neither true nor false");
  return self;
}
Cell BooleanToString(Machine& m, const Cell& self, Arguments) {
  return m.MakeString(m.ToString(BooleanValueOf(m, self, {})));
}

bool Integral(const Cell& cell) {
  return cell.IsNumber() && std::isfinite(cell.number) && std::trunc(cell.number) == cell.number;
}
Cell IsInteger(Machine&, const Cell&, Arguments a) { return Cell::Boolean(Integral(At(a, 0))); }
Cell IsSafeInteger(Machine&, const Cell&, Arguments a) {
  return Cell::Boolean(Integral(At(a, 0)) && std::fabs(a[0].number) <= 9007199254740991.0);
}
Cell NumberIsNaN(Machine&, const Cell&, Arguments a) {
  return Cell::Boolean(At(a, 0).IsNumber() && std::isnan(a[0].number));
}
Cell NumberIsFinite(Machine&, const Cell&, Arguments a) {
  return Cell::Boolean(At(a, 0).IsNumber() && std::isfinite(a[0].number));
}
Cell IsNaN(Machine& m, const Cell&, Arguments a) {
  return Cell::Boolean(std::isnan(m.ToNumber(At(a, 0))));
}
Cell IsFinite(Machine& m, const Cell&, Arguments a) {
  return Cell::Boolean(std::isfinite(m.ToNumber(At(a, 0))));
}

Cell ParseFloat(Machine& m, const Cell&, Arguments a) {
  const std::string held = m.ToString(At(a, 0));
  std::string_view text = Trimmed(held);
  // the longest start that is a number
  std::size_t end = 0;
  const auto digits = [&] {
    const std::size_t start = end;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return end > start;
  };
  if (end < text.size() && (text[end] == '+' || text[end] == '-')) ++end;
  if (text.substr(end).starts_with("Infinity")) {
    return Cell::Number(text[0] == '-' ? -HUGE_VAL : HUGE_VAL);
  }
  bool any = digits();
  if (end < text.size() && text[end] == '.') {
    ++end;
    any = digits() || any;
  }
  if (!any) return Cell::Number(std::nan(""));
  const std::size_t mantissa = end;
  if (end < text.size() && (text[end] | 32) == 'e') {
    ++end;
    if (end < text.size() && (text[end] == '+' || text[end] == '-')) ++end;
    if (!digits()) end = mantissa;
  }
  return Cell::Number(ToNumber(text.substr(0, end)));
}

Cell ParseInt(Machine& m, const Cell&, Arguments a) {
  const std::string held = m.ToString(At(a, 0));
  std::string_view text = Trimmed(held);
  double sign = 1;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  int radix = m.ToInt32(At(a, 1));
  const bool hex = text.size() > 1 && text[0] == '0' && (text[1] | 32) == 'x';
  if (hex && (radix == 0 || radix == 16)) {
    radix = 16;
    text.remove_prefix(2);
  }
  if (radix == 0) radix = 10;
  if (radix < 2 || radix > 36) return Cell::Number(std::nan(""));
  const auto end =
      std::find_if(text.begin(), text.end(), [&](char c) { return DigitOf(c) >= radix; });
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  if (digits.empty()) return Cell::Number(std::nan(""));
  return Cell::Number(sign * (radix == 10 ? ToNumber(digits) : InRadix(digits, radix)));
}

template <double (*F)(double)>
Cell Unary(Machine& m, const Cell&, Arguments a) {
  return Cell::Number(F(m.ToNumber(At(a, 0))));
}

double Round(double x) {
  if (!std::isfinite(x) || std::fabs(x) >= 4503599627370496.0) return x;
  const double floor = std::floor(x);
  return std::copysign(x - floor >= 0.5 ? floor + 1 : floor, x);
}
double Sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

Cell Extreme(Machine& m, Arguments a, bool max) {
  double best = max ? -HUGE_VAL : HUGE_VAL;
  for (const Cell& cell : a) {
    const double x = m.ToNumber(cell);
    if (std::isnan(x) || std::isnan(best)) {
      best = std::nan("");
    } else if (max ? x > best || (x == best && !std::signbit(x))
                   : x < best || (x == best && std::signbit(x))) {
      best = x;
    }
  }
  return Cell::Number(best);
}
Cell Max(Machine& m, const Cell&, Arguments a) { return Extreme(m, a, true); }
Cell Min(Machine& m, const Cell&, Arguments a) { return Extreme(m, a, false); }
Cell Pow(Machine& m, const Cell&, Arguments a) {
  const double base = m.ToNumber(At(a, 0));
  return Cell::Number(Power(base, m.ToNumber(At(a, 1))));
}
Cell Hypot(Machine& m, const Cell&, Arguments a) {
  double sum = 0;
  for (const Cell& cell : a) sum = std::hypot(sum, m.ToNumber(cell));
  return Cell::Number(sum);
}

}  // namespace

Cell NumberMember(std::string_view key) {
  static const Methods methods = {
      {"toExponential", {.name = "toExponential", .call = ToExponential}},
      {"toFixed", {.name = "toFixed", .call = ToFixed}},
      {"toPrecision", {.name = "toPrecision", .call = ToPrecision}},
      {"toString", {.name = "toString", .call = NumberToString}},
      {"valueOf", {.name = "valueOf", .call = NumberValueOf}}};
  return MethodOf(methods, key);
}

Cell BooleanMember(std::string_view key) {
  static const Methods methods = {{"toString", {.name = "toString", .call = BooleanToString}},
                                  {"valueOf", {.name = "valueOf", .call = BooleanValueOf}}};
  return MethodOf(methods, key);
}

const Native& ParseIntNative() {
  static const Native native{.name = "parseInt", .call = ParseInt};
  return native;
}
const Native& ParseFloatNative() {
  static const Native native{.name = "parseFloat", .call = ParseFloat};
  return native;
}
const Native& IsNaNNative() {
  static const Native native{.name = "isNaN", .call = IsNaN};
  return native;
}
const Native& IsFiniteNative() {
  static const Native native{.name = "isFinite", .call = IsFinite};
  return native;
}

const Native& NumberNative() {
  static const Native is_integer{.name = "isInteger", .call = IsInteger};
  static const Native is_safe{.name = "isSafeInteger", .call = IsSafeInteger};
  static const Native is_nan{.name = "isNaN", .call = NumberIsNaN};
  static const Native is_finite{.name = "isFinite", .call = NumberIsFinite};
  static const Native number{
      .name = "Number",
      .call = NumberCall,
      .construct = BoxRefused,
      .members = {{"isInteger", Cell::Of(&is_integer)},
                  {"isSafeInteger", Cell::Of(&is_safe)},
                  {"isNaN", Cell::Of(&is_nan)},
                  {"isFinite", Cell::Of(&is_finite)},
                  {"parseInt", Cell::Of(&ParseIntNative())},
                  {"parseFloat", Cell::Of(&ParseFloatNative())},
                  {"EPSILON", Cell::Number(std::numeric_limits<double>::epsilon())},
                  {"MAX_VALUE", Cell::Number(std::numeric_limits<double>::max())},
                  {"MIN_VALUE", Cell::Number(std::numeric_limits<double>::denorm_min())},
                  {"MAX_SAFE_INTEGER", Cell::Number(9007199254740991.0)},
                  {"MIN_SAFE_INTEGER", Cell::Number(-9007199254740991.0)},
                  {"POSITIVE_INFINITY", Cell::Number(HUGE_VAL)},
                  {"NEGATIVE_INFINITY", Cell::Number(-HUGE_VAL)},
                  {"NaN", Cell::Number(std::nan(""))}}};
  return number;
}

const Native& BooleanNative() {
  static const Native boolean{.name = "Boolean", .call = BooleanCall, .construct = BoxRefused};
  return boolean;
}

const Native& MathNative() {
  static const Native functions[] = {{.name = "abs", .call = Unary<std::fabs>},
                                     {.name = "floor", .call = Unary<std::floor>},
                                     {.name = "ceil", .call = Unary<std::ceil>},
                                     {.name = "trunc", .call = Unary<std::trunc>},
                                     {.name = "sqrt", .call = Unary<std::sqrt>},
                                     {.name = "cbrt", .call = Unary<std::cbrt>},
                                     {.name = "log", .call = Unary<std::log>},
                                     {.name = "log2", .call = Unary<std::log2>},
                                     {.name = "log10", .call = Unary<std::log10>},
                                     {.name = "exp", .call = Unary<std::exp>},
                                     {.name = "sin", .call = Unary<std::sin>},
                                     {.name = "cos", .call = Unary<std::cos>},
                                     {.name = "tan", .call = Unary<std::tan>},
                                     {.name = "round", .call = Unary<Round>},
                                     {.name = "sign", .call = Unary<Sign>},
                                     {.name = "max", .call = Max},
                                     {.name = "min", .call = Min},
                                     {.name = "pow", .call = Pow},
                                     {.name = "hypot", .call = Hypot}};
  static const Native math = [] {
    Native made{.name = "Math",
                .members = {{"PI", Cell::Number(3.141592653589793)},
                            {"E", Cell::Number(2.718281828459045)},
                            {"LN2", Cell::Number(0.6931471805599453)},
                            {"LN10", Cell::Number(2.302585092994046)},
                            {"LOG2E", Cell::Number(1.4426950408889634)},
                            {"LOG10E", Cell::Number(0.4342944819032518)},
                            {"SQRT1_2", Cell::Number(0.7071067811865476)},
                            {"SQRT2", Cell::Number(1.4142135623730951)}}};
    for (const Native& function : functions)
      made.members.emplace(function.name, Cell::Of(&function));
    return made;
  }();
  return math;
}

}  // namespace aiguillage::engine::evaluator
