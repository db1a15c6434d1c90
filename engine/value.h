// A value of the datamodel at rest: what a snapshot keeps. Immutable, shared, 16 bytes; exact in
// JSON both ways, with what JSON cannot say written as an object with the key "$".
//
//   Value::FromPlain({{"score", 64.9}}).ToJson()   {"score":64.9}
//   Value().ToJson()                               {"$":"undefined"}
//   Value::Number(-0.0).ToJson()                   {"$":"number","value":"-0"}
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiguillage::engine {

class Value {
 public:
  enum class Kind : std::uint8_t {
    kUndefined,
    kNull,
    kBoolean,
    kNumber,
    kString,
    kArray,
    kObject,
    kFunction,
    kXml
  };
  using Entries = std::vector<std::pair<std::string, Value>>;  // in the order of creation

  Value() = default;  // undefined
  Value(const Value& other) noexcept;
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other) noexcept;
  Value& operator=(Value&& other) noexcept;
  ~Value();

  static Value Null();
  static Value Hole();  // undefined, of an array that holds nothing at this place
  static Value Boolean(bool value);
  static Value Number(double value);
  static Value String(std::string text);
  static Value Array(std::vector<Value> items);
  static Value Object(Entries entries);
  static Value Function(std::string source, Entries scope);  // text of the function, what it caught
  static Value Xml(std::string text);                        // one well-formed element

  Kind kind() const { return kind_; }
  bool IsUndefined() const { return kind_ == Kind::kUndefined; }
  bool IsHole() const { return IsUndefined() && held_.number == 1; }
  bool boolean() const { return held_.boolean; }
  double number() const { return held_.number; }
  const std::string& text() const;          // kString, kFunction, kXml
  const std::vector<Value>& items() const;  // kArray
  const Entries& entries() const;           // kObject; kFunction: its scope

  nlohmann::json ToJson() const;                      // exact
  static Value FromJson(const nlohmann::json& json);  // throws std::invalid_argument on a bad tag
  nlohmann::json Plain() const;  // for pages: undefined and NaN are null, functions and XML text
  static Value FromPlain(const nlohmann::json& json);  // no key is special

  friend bool operator==(const Value& a, const Value& b);  // same form, NaN equal to NaN

 private:
  struct Node;
  Value(Kind kind, Node* node) : kind_(kind) { held_.node = node; }
  bool Counted() const { return kind_ >= Kind::kString; }
  void Release();

  Kind kind_ = Kind::kUndefined;
  union {
    bool boolean;
    double number;
    Node* node;
  } held_ = {.number = 0};
};

}  // namespace aiguillage::engine
