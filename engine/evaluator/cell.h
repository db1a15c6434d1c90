// Values at run time: 16 bytes, copied freely; what they point at belongs to a Heap (heap.h).
//
//   Cell::Number(3)      Cell::String(&node.text)      Cell::Of(object)
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/evaluator/ast.h"

namespace aiguillage::engine::evaluator {

class Machine;
struct Object;
struct Native;
struct XmlElement;
struct Scope;

struct Cell {
  enum class Kind : std::uint8_t {
    kUndefined,
    kNull,
    kBoolean,
    kNumber,
    kString,
    kNative,
    kObject
  };
  Kind kind = Kind::kUndefined;
  union {
    bool boolean;
    double number = 0;
    const Text* text;
    const Native* native;
    Object* object;
  };

  static Cell Undefined() { return {}; }
  // Undefined, never a value: a place of an array that holds nothing, a let not yet declared.
  static Cell Hole() { return Marked(1); }
  static Cell Unset() { return Marked(2); }
  static Cell Null() {
    Cell c;
    c.kind = Kind::kNull;
    return c;
  }
  static Cell Boolean(bool v) {
    Cell c;
    c.kind = Kind::kBoolean;
    c.boolean = v;
    return c;
  }
  static Cell Number(double v) {
    Cell c;
    c.kind = Kind::kNumber;
    c.number = v;
    return c;
  }
  static Cell String(const Text* v) {
    Cell c;
    c.kind = Kind::kString;
    c.text = v;
    return c;
  }
  static Cell Of(const Native* v) {
    Cell c;
    c.kind = Kind::kNative;
    c.native = v;
    return c;
  }
  static Cell Of(Object* v) {
    Cell c;
    c.kind = Kind::kObject;
    c.object = v;
    return c;
  }

  bool IsUndefined() const { return kind == Kind::kUndefined; }
  bool IsHole() const { return kind == Kind::kUndefined && number == 1; }
  bool IsUnset() const { return kind == Kind::kUndefined && number == 2; }
  bool IsNothing() const { return kind <= Kind::kNull; }
  bool IsNumber() const { return kind == Kind::kNumber; }
  bool IsString() const { return kind == Kind::kString; }
  bool IsObject() const { return kind == Kind::kObject; }
  bool IsPrimitive() const { return kind < Kind::kNative; }

 private:
  static Cell Marked(double mark) {
    Cell c;
    c.number = mark;
    return c;
  }
};

using Arguments = std::span<const Cell>;

// A function, or a namespace, of the fixed library.
struct Native {
  using Function = Cell (*)(Machine&, const Cell& self, Arguments);
  const char* name = "";
  Function call = nullptr;
  Function construct = nullptr;
  std::unordered_map<std::string_view, Cell> members = {};
};

enum class ObjectKind : std::uint8_t { kPlain, kArray, kFunction, kXml };

struct Object {
  ObjectKind kind = ObjectKind::kPlain;
  bool readonly = false;    // _event, _ioprocessors, errors
  std::vector<Cell> items;  // of an array
  std::vector<std::pair<std::string, Cell>> properties;
  std::unique_ptr<std::unordered_map<std::string, std::size_t>> index;  // once there are many
  const Node* function = nullptr;
  const Program* program = nullptr;
  Scope* scope = nullptr;
  Object* maker = nullptr;        // by new: its constructor
  const Native* error = nullptr;  // which of them it is
  const XmlElement* xml = nullptr;
  Object* next = nullptr;

  Cell Item(std::size_t at) const {
    return at < items.size() && !items[at].IsUndefined() ? items[at] : Cell::Undefined();
  }
  bool HasItem(std::size_t at) const { return at < items.size() && !items[at].IsHole(); }
  const Cell* Find(std::string_view key) const;
  void Set(std::string_view key, const Cell& value);
  bool Erase(std::string_view key);
  bool Has(std::string_view key) const;   // of its own
  std::vector<std::string> Keys() const;  // ECMAScript's order: indices first, then as made
};

inline bool IsArray(const Cell& cell) {
  return cell.IsObject() && cell.object->kind == ObjectKind::kArray;
}
inline bool IsCallable(const Cell& cell) {
  return cell.kind == Cell::Kind::kNative
             ? cell.native->call != nullptr
             : cell.IsObject() && cell.object->kind == ObjectKind::kFunction;
}

// The index that a key spells, or -1: "0", "12", not "01" nor "4294967295", one too many.
long IndexOf(std::string_view key);

}  // namespace aiguillage::engine::evaluator
