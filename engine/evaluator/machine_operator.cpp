// Coercions and operators (ECMA-262 §7.1, §7.2, §13).
#include <cmath>

#include "engine/evaluator/library.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

bool Truthy(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kUndefined:
    case Cell::Kind::kNull:
      return false;
    case Cell::Kind::kBoolean:
      return cell.boolean;
    case Cell::Kind::kNumber:
      return cell.number != 0 && !std::isnan(cell.number);
    case Cell::Kind::kString:
      return !cell.text->text.empty();
    default:
      return true;
  }
}

const char* TypeOf(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kUndefined:
      return "undefined";
    case Cell::Kind::kNull:
      return "object";
    case Cell::Kind::kBoolean:
      return "boolean";
    case Cell::Kind::kNumber:
      return "number";
    case Cell::Kind::kString:
      return "string";
    case Cell::Kind::kNative:
      return cell.native->call ? "function" : "object";
    case Cell::Kind::kObject:
      return cell.object->kind == ObjectKind::kFunction ? "function" : "object";
  }
  return "undefined";
}

Cell Machine::ToPrimitive(const Cell& cell, bool prefer_string) {
  if (cell.IsPrimitive()) return cell;
  const Frame frame(*this);
  for (const char* name :
       prefer_string ? std::array{"toString", "valueOf"} : std::array{"valueOf", "toString"}) {
    const Cell method = Get(cell, name);
    if (!IsCallable(method)) continue;
    const Cell value = Call(method, cell, {});
    if (value.IsPrimitive()) return value;
  }
  Throw("TypeError", "it cannot be made a primitive value");
}

double Machine::ToNumber(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kUndefined:
      return std::nan("");
    case Cell::Kind::kNull:
      return 0;
    case Cell::Kind::kBoolean:
      return cell.boolean ? 1 : 0;
    case Cell::Kind::kNumber:
      return cell.number;
    case Cell::Kind::kString:
      Charge(cell.text->text.size() / 64);
      return evaluator::ToNumber(cell.text->text);
    default:
      return ToNumber(ToPrimitive(cell));
  }
}

std::string Machine::ToString(const Cell& cell) {
  switch (cell.kind) {
    case Cell::Kind::kUndefined:
      return "undefined";
    case Cell::Kind::kNull:
      return "null";
    case Cell::Kind::kBoolean:
      return cell.boolean ? "true" : "false";
    case Cell::Kind::kNumber:
      return FromNumber(cell.number);
    case Cell::Kind::kString:
      if (cell.text->text.size() > 1024) Charge(cell.text->text.size() / 1024);  // a copy
      return cell.text->text;
    default:
      return ToString(ToPrimitive(cell, true));
  }
}

double Machine::ToInteger(const Cell& cell) {
  const double number = ToNumber(cell);
  return std::isnan(number) ? 0 : std::trunc(number) + 0.0;
}

std::int32_t Machine::ToInt32(const Cell& cell) {
  const double number = ToNumber(cell);
  if (!std::isfinite(number)) return 0;
  double wrapped = std::fmod(std::trunc(number), 4294967296.0);
  if (wrapped < 0) wrapped += 4294967296.0;
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(wrapped));
}

bool Machine::StrictlyEqual(const Cell& a, const Cell& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Cell::Kind::kUndefined:
    case Cell::Kind::kNull:
      return true;
    case Cell::Kind::kBoolean:
      return a.boolean == b.boolean;
    case Cell::Kind::kNumber:
      return a.number == b.number;
    case Cell::Kind::kString:
      if (a.text->text.size() != b.text->text.size()) return false;
      Charge(a.text->text.size() / 256);
      return a.text->text == b.text->text;
    case Cell::Kind::kNative:
      return a.native == b.native;
    case Cell::Kind::kObject:
      return a.object == b.object;
  }
  return false;
}

bool Machine::LooselyEqual(const Cell& a, const Cell& b) {
  if (a.kind == b.kind) return StrictlyEqual(a, b);
  if (a.IsNothing() && b.IsNothing()) return true;
  if (a.IsNothing() || b.IsNothing()) return false;
  if (!a.IsPrimitive() && !b.IsPrimitive()) return false;
  if (!a.IsPrimitive()) return LooselyEqual(ToPrimitive(a), b);
  if (!b.IsPrimitive()) return LooselyEqual(a, ToPrimitive(b));
  return ToNumber(a) == ToNumber(b);
}

Cell Machine::Binary(Op op, const Cell& a, const Cell& b) {
  switch (op) {
    case Op::kAdd:
      return Add(a, b);
    case Op::kSubtract: {
      const double left = ToNumber(a);
      return Cell::Number(left - ToNumber(b));
    }
    case Op::kMultiply: {
      const double left = ToNumber(a);
      return Cell::Number(left * ToNumber(b));
    }
    case Op::kDivide: {
      const double left = ToNumber(a);
      return Cell::Number(left / ToNumber(b));
    }
    case Op::kRemainder: {
      const double left = ToNumber(a);
      return Cell::Number(std::fmod(left, ToNumber(b)));
    }
    case Op::kPower: {
      const double left = ToNumber(a);
      return Cell::Number(Power(left, ToNumber(b)));
    }
    case Op::kEqual:
      return Cell::Boolean(LooselyEqual(a, b));
    case Op::kNotEqual:
      return Cell::Boolean(!LooselyEqual(a, b));
    case Op::kSame:
      return Cell::Boolean(StrictlyEqual(a, b));
    case Op::kNotSame:
      return Cell::Boolean(!StrictlyEqual(a, b));
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return Compare(op, a, b);
    case Op::kIn: {
      if (b.IsPrimitive()) Throw("TypeError", "'in' needs an object on its right");
      return Cell::Boolean(HasProperty(b, ToKey(a)));
    }
    case Op::kInstanceof:
      return Cell::Boolean(InstanceOf(a, b));
    default:
      return Bitwise(op, a, b);
  }
}

Cell Machine::Add(const Cell& a, const Cell& b) {
  if (a.IsNumber() && b.IsNumber()) return Cell::Number(a.number + b.number);
  const Cell left = ToPrimitive(a), right = ToPrimitive(b);
  if (!left.IsString() && !right.IsString()) {
    return Cell::Number(ToNumber(left) + ToNumber(right));
  }
  std::string joined = ToString(left);
  joined += ToString(right);
  Charge(joined.size() / 256);
  return MakeString(std::move(joined));
}

Cell Machine::Bitwise(Op op, const Cell& a, const Cell& b) {
  const std::int32_t left = ToInt32(a), right = ToInt32(b);
  const auto unsigned_left = static_cast<std::uint32_t>(left);
  const auto by = static_cast<std::uint32_t>(right) & 31U;
  switch (op) {
    case Op::kBitAnd:
      return Cell::Number(left & right);
    case Op::kBitOr:
      return Cell::Number(left | right);
    case Op::kBitXor:
      return Cell::Number(left ^ right);
    case Op::kShiftLeft:
      return Cell::Number(static_cast<std::int32_t>(unsigned_left << by));
    case Op::kShiftRight:
      return Cell::Number(left >> by);
    default:
      return Cell::Number(unsigned_left >> by);
  }
}

Cell Machine::Compare(Op op, const Cell& a, const Cell& b) {
  const Cell left = ToPrimitive(a), right = ToPrimitive(b);
  double order = 0;
  if (left.IsString() && right.IsString()) {
    Charge(std::min(left.text->text.size(), right.text->text.size()) / 256);
    order = evaluator::Compare(left.text->text, right.text->text);
  } else {
    const double x = ToNumber(left), y = ToNumber(right);
    if (std::isnan(x) || std::isnan(y)) return Cell::Boolean(false);
    order = x < y ? -1 : x > y ? 1 : 0;
  }
  switch (op) {
    case Op::kLess:
      return Cell::Boolean(order < 0);
    case Op::kLessEqual:
      return Cell::Boolean(order <= 0);
    case Op::kGreater:
      return Cell::Boolean(order > 0);
    default:
      return Cell::Boolean(order >= 0);
  }
}

double Power(double base, double exponent) {
  if (std::isnan(exponent)) return exponent;
  if (std::fabs(base) == 1 && std::isinf(exponent)) return std::nan("");
  return std::pow(base, exponent);
}

// Without running anything of the script: a throw must not.
std::string Machine::Describe(const Cell& cell) {
  if (cell.IsPrimitive()) return ToString(cell);
  const Cell* message = cell.IsObject() ? cell.object->Find("message") : nullptr;
  const std::string text = message && message->IsString() ? message->text->text : "";
  if (cell.IsObject() && cell.object->error) {
    return cell.object->error->name + (text.empty() ? "" : ": " + text);
  }
  return text.empty() ? "an object" : text;
}

}  // namespace aiguillage::engine::evaluator
