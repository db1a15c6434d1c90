// The globals, what each kind of value has, and what of ECMAScript is left out.
#include <cmath>

#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

Cell InCall(Machine& m, const Cell&, Arguments a) {
  return Cell::Boolean(m.globals().In(m.ToString(At(a, 0))));
}

const Native& InNative() {
  static const Native in{.name = "In", .call = InCall};
  return in;
}

const std::unordered_map<std::string_view, const Native*>& GlobalsByName() {
  static const auto globals = [] {
    std::unordered_map<std::string_view, const Native*> table;
    for (const Native* one :
         {&StringNative(), &NumberNative(), &BooleanNative(), &ArrayNative(), &ObjectNative(),
          &FunctionNative(), &MathNative(), &JsonNative(), &ParseIntNative(), &ParseFloatNative(),
          &IsNaNNative(), &IsFiniteNative()}) {
      table.emplace(one->name, one);
    }
    for (std::size_t i = 0; i < kErrors; ++i) {
      table.emplace(ErrorNative(i).name, &ErrorNative(i));
    }
    return table;
  }();
  return globals;
}

constexpr std::string_view kStrings =
    " anchor big blink bold codePointAt fixed fontcolor fontsize isWellFormed italics link"
    " localeCompare match matchAll normalize small strike sub sup toLocaleLowerCase"
    " toLocaleUpperCase toWellFormed trimLeft trimRight ";
constexpr std::string_view kArrays =
    " copyWithin entries findLast findLastIndex flatMap keys toLocaleString toReversed toSorted"
    " toSpliced values with ";
constexpr std::string_view kFunctions = " length name prototype caller arguments bind ";
constexpr std::string_view kNatives =
    " create defineProperties defineProperty freeze fromAsync fromCodePoint"
    " getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols"
    " getPrototypeOf groupBy hasOwn is isExtensible isFrozen isSealed preventExtensions raw seal"
    " setPrototypeOf captureStackTrace stackTraceLimit acos acosh asin asinh atan atan2 atanh clz32"
    " cosh expm1 fround imul log1p random sinh tanh f16round rawJSON isRawJSON ";
constexpr std::string_view kErrorMembers = " stack ";
constexpr std::string_view kAll =
    " __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ isPrototypeOf"
    " propertyIsEnumerable toLocaleString ";
constexpr std::string_view kGlobals =
    " AggregateError ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array DataView Date "
    "EvalError"
    " FinalizationRegistry Float32Array Float64Array Int16Array Int32Array Int8Array Intl Iterator"
    " Map Promise Proxy Reflect RegExp Set SharedArrayBuffer Symbol URIError Uint16Array "
    "Uint32Array"
    " Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly console decodeURI"
    " decodeURIComponent encodeURI encodeURIComponent escape eval globalThis unescape ";

bool Lists(std::string_view list, std::string_view word) {
  std::string padded(" ");
  padded.append(word).push_back(' ');
  return list.find(padded) != std::string_view::npos;
}

}  // namespace

bool FindGlobal(const std::string& name, bool with_in, Cell& value) {
  if (name == "NaN") return value = Cell::Number(std::nan("")), true;
  if (name == "Infinity") return value = Cell::Number(HUGE_VAL), true;
  if (name == "In" && with_in) return value = Cell::Of(&InNative()), true;
  const auto found = GlobalsByName().find(name);
  if (found == GlobalsByName().end()) return false;
  value = Cell::Of(found->second);
  return true;
}

const Native* FindGlobal(const std::string& name) {
  const auto found = GlobalsByName().find(name);
  return found == GlobalsByName().end() ? nullptr : found->second;
}

std::string PathOfNative(const Native& native) {
  if (&native == &InNative()) return "In";
  for (const auto& [name, global] : GlobalsByName()) {
    if (global == &native) return std::string(name);
    for (const auto& [member, cell] : global->members) {
      if (cell.kind == Cell::Kind::kNative && cell.native == &native) {
        return std::string(name) + "." + std::string(member);
      }
    }
  }
  return "";
}

Cell MemberOf(const Cell& cell, std::string_view key) {
  Cell found;
  if (cell.IsString()) {
    found = StringMember(key);
  } else if (cell.IsNumber()) {
    found = NumberMember(key);
  } else if (cell.kind == Cell::Kind::kBoolean) {
    found = BooleanMember(key);
  } else if (cell.kind == Cell::Kind::kNative) {
    const auto member = cell.native->members.find(key);
    if (member != cell.native->members.end()) return member->second;
  } else if (IsArray(cell)) {
    found = ArrayMember(key);
  } else if (cell.object->error) {
    found = ErrorMember(*cell.object, key);
  }
  if (found.IsUndefined() && IsCallable(cell)) found = FunctionMember(key);
  return found.IsUndefined() ? ObjectMember(cell, key) : found;
}

bool LeftOut(const Cell& cell, std::string_view key) {
  if (Lists(kAll, key)) return true;
  if (cell.IsString()) return Lists(kStrings, key);
  if (IsArray(cell)) return Lists(kArrays, key);
  if (IsCallable(cell) && Lists(kFunctions, key)) return true;
  if (cell.kind == Cell::Kind::kNative) return Lists(kNatives, key);
  return cell.IsObject() && cell.object->error && Lists(kErrorMembers, key);
}

bool LeftOutGlobal(std::string_view name) { return Lists(kGlobals, name); }

bool HasOwn(Machine& m, const Cell& cell, std::string_view key) {
  bool own = false;
  if (cell.IsNothing()) m.Throw("TypeError", "it has no properties");
  if (cell.IsString()) {
    const long at = IndexOf(key);
    own = key == "length" || (at >= 0 && static_cast<double>(at) < m.Get(cell, "length").number);
  } else if (cell.kind == Cell::Kind::kNative) {
    own = cell.native->members.count(key) > 0;
  } else if (cell.IsObject()) {
    own = cell.object->Has(key);
  }
  if (!own && LeftOut(cell, key)) m.Refuse("'" + std::string(key) + "'");
  return own;
}

std::vector<std::string> Machine::OwnKeys(const Cell& cell) {
  std::vector<std::string> keys;
  if (cell.IsNothing()) Throw("TypeError", "it has no properties");
  if (cell.IsString()) {
    const auto length = static_cast<std::size_t>(Get(cell, "length").number);
    Charge(length);
    for (std::size_t i = 0; i < length; ++i) keys.push_back(std::to_string(i));
  } else if (cell.IsObject()) {
    Charge(cell.object->items.size() + cell.object->properties.size());
    keys = cell.object->Keys();
  }
  return keys;
}

std::vector<Cell> Machine::Iterate(const Cell& cell) {
  std::vector<Cell> all;
  if (cell.IsString()) {
    const std::u16string units = ToUtf16(cell.text->text);
    Charge(units.size());
    for (std::size_t i = 0; i < units.size();) {
      const bool pair = (units[i] & 0xFC00) == 0xD800 && i + 1 < units.size() &&
                        (units[i + 1] & 0xFC00) == 0xDC00;
      all.push_back(MakeString(FromUtf16(std::u16string_view(units).substr(i, pair ? 2 : 1))));
      i += pair ? 2 : 1;
    }
  } else if (IsArray(cell)) {
    all = ArrayLike(cell);
  } else {
    Throw("TypeError", Describe(cell) + " is not iterable");
  }
  return all;
}

std::vector<Cell> Machine::ArrayLike(const Cell& cell) {
  std::vector<Cell> all;
  const double asked = ToInteger(Get(cell, "length"));
  if (asked > static_cast<double>(limits_.steps) && !IsArray(cell))
    Charge(static_cast<std::size_t>(limits_.steps));
  const auto size = static_cast<std::size_t>(std::max(asked, 0.0));
  Charge(size);
  heap_.Grow(size * sizeof(Cell));
  CheckMemory();
  all.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    all.push_back(IsArray(cell) ? cell.object->Item(i) : Get(cell, std::to_string(i)));
  }
  return all;
}

}  // namespace aiguillage::engine::evaluator
