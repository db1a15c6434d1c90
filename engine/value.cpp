#include "engine/value.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>

#include "engine/evaluator/text.h"

namespace aiguillage::engine {

using nlohmann::json;

// One counted block for all kinds: values are copied between snapshots far more often than made.
struct Value::Node {
  std::atomic<std::uint32_t> owners{1};
  std::string text;
  std::vector<Value> items;
  Entries entries;
};

namespace {

constexpr const char* kTag = "$";

json Tagged(const char* what) { return json{{kTag, what}}; }

json NumberToJson(double number) {
  if (std::isnan(number)) return json{{kTag, "number"}, {"value", "NaN"}};
  if (std::isinf(number)) {
    return json{{kTag, "number"}, {"value", number > 0 ? "Infinity" : "-Infinity"}};
  }
  if (number == 0 && std::signbit(number)) return json{{kTag, "number"}, {"value", "-0"}};
  if (std::trunc(number) == number && std::fabs(number) < 9e15) {
    return static_cast<std::int64_t>(number);
  }
  return number;
}

double TaggedNumber(const std::string& name) {
  if (name == "NaN") return std::nan("");
  if (name == "Infinity") return HUGE_VAL;
  if (name == "-Infinity") return -HUGE_VAL;
  if (name == "-0") return -0.0;
  throw std::invalid_argument("Expected NaN, Infinity, -Infinity or -0, but got " + name);
}

// Halves of surrogate pairs cannot be written in JSON text: such a string is kept as its units.
json StringToJson(const std::string& text) {
  if (!evaluator::HasLoneSurrogate(text)) return text;
  json units = json::array();
  for (char16_t unit : evaluator::ToUtf16(text)) units.push_back(static_cast<int>(unit));
  return json{{kTag, "string"}, {"units", std::move(units)}};
}

std::string StringFromUnits(const json& units) {
  std::u16string text;
  for (const json& unit : units) {
    text.push_back(static_cast<char16_t>(unit.get_ref<const json::number_integer_t&>()));
  }
  return evaluator::FromUtf16(text);
}

// json sorts its keys: an object whose keys are in another order says so.
bool NeedsEntries(const Value::Entries& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].first == kTag || evaluator::HasLoneSurrogate(entries[i].first)) return true;
    if (i > 0 && entries[i - 1].first >= entries[i].first) return true;
  }
  return false;
}

json EntriesToJson(const Value::Entries& entries) {
  json list = json::array();
  for (const auto& [key, value] : entries) {
    list.push_back(json::array({StringToJson(key), value.ToJson()}));
  }
  return list;
}

json ObjectToJson(const Value::Entries& entries) {
  if (NeedsEntries(entries)) return json{{kTag, "object"}, {"entries", EntriesToJson(entries)}};
  json object = json::object();
  for (const auto& [key, value] : entries) object[key] = value.ToJson();
  return object;
}

Value::Entries EntriesFromJson(const json& list) {
  Value::Entries entries;
  for (const json& pair : list) {
    entries.emplace_back(Value::FromJson(pair.at(0)).text(), Value::FromJson(pair.at(1)));
  }
  return entries;
}

Value FromTagged(const json& tagged) {
  const std::string what = tagged.at(kTag).get<std::string>();
  if (what == "undefined") return {};
  if (what == "hole") return Value::Hole();
  if (what == "number") return Value::Number(TaggedNumber(tagged.at("value").get<std::string>()));
  if (what == "string") return Value::String(StringFromUnits(tagged.at("units")));
  if (what == "xml") return Value::Xml(tagged.at("text").get<std::string>());
  if (what == "object") return Value::Object(EntriesFromJson(tagged.at("entries")));
  if (what == "function") {
    return Value::Function(tagged.at("source").get<std::string>(),
                           EntriesFromJson(tagged.at("scope")));
  }
  throw std::invalid_argument("Expected a known \"$\" tag, but got " + what);
}

template <typename Convert>
Value FromAny(const json& value, Convert convert) {
  switch (value.type()) {
    case json::value_t::null:
      return Value::Null();
    case json::value_t::boolean:
      return Value::Boolean(value.get<bool>());
    case json::value_t::string:
      return Value::String(value.get<std::string>());
    case json::value_t::array: {
      std::vector<Value> items;
      items.reserve(value.size());
      for (const json& item : value) items.push_back(convert(item));
      return Value::Array(std::move(items));
    }
    case json::value_t::object: {
      Value::Entries entries;
      entries.reserve(value.size());
      for (const auto& [key, item] : value.items()) entries.emplace_back(key, convert(item));
      return Value::Object(std::move(entries));
    }
    default:
      return Value::Number(value.get<double>());
  }
}

}  // namespace

Value::Value(const Value& other) noexcept : kind_(other.kind_), held_(other.held_) {
  if (Counted()) held_.node->owners.fetch_add(1, std::memory_order_relaxed);
}

Value::Value(Value&& other) noexcept : kind_(other.kind_), held_(other.held_) {
  other.kind_ = Kind::kUndefined;
  other.held_.number = 0;
}

Value& Value::operator=(const Value& other) noexcept {
  if (other.Counted()) other.held_.node->owners.fetch_add(1, std::memory_order_relaxed);
  Release();
  kind_ = other.kind_;
  held_ = other.held_;
  return *this;
}

Value& Value::operator=(Value&& other) noexcept {
  std::swap(kind_, other.kind_);
  std::swap(held_, other.held_);
  return *this;
}

Value::~Value() { Release(); }

void Value::Release() {
  if (Counted() && held_.node->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete held_.node;
  }
}

Value Value::Hole() {
  Value made;
  made.held_.number = 1;
  return made;
}

Value Value::Null() { return {Kind::kNull, nullptr}; }

Value Value::Boolean(bool value) {
  Value made;
  made.kind_ = Kind::kBoolean;
  made.held_.boolean = value;
  return made;
}

Value Value::Number(double value) {
  Value made;
  made.kind_ = Kind::kNumber;
  made.held_.number = value;
  return made;
}

Value Value::String(std::string text) {
  return {Kind::kString, new Node{.text = std::move(text), .items = {}, .entries = {}}};
}

Value Value::Array(std::vector<Value> items) {
  return {Kind::kArray, new Node{.text = {}, .items = std::move(items), .entries = {}}};
}

Value Value::Object(Entries entries) {
  return {Kind::kObject, new Node{.text = {}, .items = {}, .entries = std::move(entries)}};
}

Value Value::Function(std::string source, Entries scope) {
  return {Kind::kFunction,
          new Node{.text = std::move(source), .items = {}, .entries = std::move(scope)}};
}

Value Value::Xml(std::string text) {
  return {Kind::kXml, new Node{.text = std::move(text), .items = {}, .entries = {}}};
}

const std::string& Value::text() const { return held_.node->text; }
const std::vector<Value>& Value::items() const { return held_.node->items; }
const Value::Entries& Value::entries() const { return held_.node->entries; }

json Value::ToJson() const {
  switch (kind_) {
    case Kind::kUndefined:
      return Tagged(IsHole() ? "hole" : "undefined");
    case Kind::kNull:
      return nullptr;
    case Kind::kBoolean:
      return held_.boolean;
    case Kind::kNumber:
      return NumberToJson(held_.number);
    case Kind::kString:
      return StringToJson(text());
    case Kind::kArray: {
      json array = json::array();
      for (const Value& item : items()) array.push_back(item.ToJson());
      return array;
    }
    case Kind::kObject:
      return ObjectToJson(entries());
    case Kind::kFunction:
      return json{{kTag, "function"}, {"source", text()}, {"scope", EntriesToJson(entries())}};
    case Kind::kXml:
      return json{{kTag, "xml"}, {"text", text()}};
  }
  return nullptr;
}

Value Value::FromJson(const json& value) {
  if (value.is_object() && value.contains(kTag)) {
    try {
      return FromTagged(value);
    } catch (const json::exception& error) {
      throw std::invalid_argument(std::string("Expected a tagged value, but ") + error.what());
    }
  }
  return FromAny(value, [](const json& item) { return FromJson(item); });
}

json Value::Plain() const {
  switch (kind_) {
    case Kind::kUndefined:
    case Kind::kNull:
      return nullptr;
    case Kind::kBoolean:
      return held_.boolean;
    case Kind::kNumber:
      if (!std::isfinite(held_.number)) return nullptr;
      return held_.number == 0 ? json(0) : NumberToJson(held_.number);
    case Kind::kArray: {
      json array = json::array();
      for (const Value& item : items()) array.push_back(item.Plain());
      return array;
    }
    case Kind::kObject: {
      json object = json::object();
      for (const auto& [key, item] : entries()) object[evaluator::Mended(key)] = item.Plain();
      return object;
    }
    default:
      return evaluator::Mended(text());
  }
}

Value Value::FromPlain(const json& value) {
  return FromAny(value, [](const json& item) { return FromPlain(item); });
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind_ != b.kind_) return false;
  switch (a.kind_) {
    case Value::Kind::kUndefined:
      return a.IsHole() == b.IsHole();
    case Value::Kind::kNull:
      return true;
    case Value::Kind::kBoolean:
      return a.held_.boolean == b.held_.boolean;
    case Value::Kind::kNumber:
      if (std::isnan(a.held_.number)) return std::isnan(b.held_.number);
      return a.held_.number == b.held_.number &&
             std::signbit(a.held_.number) == std::signbit(b.held_.number);
    default:
      return a.held_.node == b.held_.node ||
             (a.text() == b.text() && a.items() == b.items() && a.entries() == b.entries());
  }
}

}  // namespace aiguillage::engine
