#include "engine/evaluator/bridge.h"

#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/parser.h"
#include "engine/evaluator/xml.h"

namespace aiguillage::engine::evaluator {

namespace {

constexpr int kDataDepth = 64;
constexpr int kNodes = 200'000;
constexpr std::size_t kFrozenBytes = 4 * 1024 * 1024;  // of texts: at rest each place has its own

// A function at rest is its text; what it caught from functions around it becomes one scope.
Cell ThawFunction(Machine& m, const Value& value) {
  std::shared_ptr<const Program> program;
  try {
    program = Parse(value.text().starts_with("function") ? "(" + value.text() + ")" : value.text(),
                    false);
  } catch (const SyntaxError& error) {
    m.Throw("SyntaxError", error.what());
  }
  m.heap().Keep(program);
  const Node* root = program->root;
  if (root->kind != NodeKind::kFunction) {  // the path of a library function
    Cell cell;
    const std::size_t dot = value.text().find('.');
    FindGlobal(value.text().substr(0, dot), true, cell);
    if (dot == std::string::npos || cell.kind != Cell::Kind::kNative) return cell;
    return MemberOf(cell, value.text().substr(dot + 1));
  }
  Scope* scope = value.entries().empty() ? nullptr : m.heap().MakeScope(nullptr);
  Object* function = m.heap().MakeObject(ObjectKind::kFunction);
  function->function = root;
  function->program = program.get();
  function->scope = scope;
  for (const auto& [name, caught] : value.entries()) {
    const auto symbol = program->symbol_of.find(name);
    if (symbol == program->symbol_of.end()) continue;
    scope->names.push_back({symbol->second, false, Thaw(m, caught)});
  }
  return Cell::Of(function);
}

class Freezer {
 public:
  explicit Freezer(Machine& m) : m_(m) {}

  Value Freeze(const Cell& cell, int depth) {
    if (depth > kDataDepth || ++nodes_ > kNodes) {
      m_.Throw("RangeError", "the value is too large or holds itself");
    }
    switch (cell.kind) {
      case Cell::Kind::kUndefined:
        return cell.IsHole() ? Value::Hole() : Value();
      case Cell::Kind::kNull:
        return Value::Null();
      case Cell::Kind::kBoolean:
        return Value::Boolean(cell.boolean);
      case Cell::Kind::kNumber:
        return Value::Number(cell.number);
      case Cell::Kind::kString:
        CountBytes(cell.text->text.size());
        return Value::String(cell.text->text);
      case Cell::Kind::kNative:
        return Value::Function(PathOfNative(*cell.native), {});
      case Cell::Kind::kObject:
        return FreezeObject(*cell.object, depth);
    }
    return {};
  }

 private:
  void CountBytes(std::size_t size) {
    if ((bytes_ += size) > kFrozenBytes) {
      m_.Throw("RangeError", "the value holds more than 4 MiB of text");
    }
  }

  Value FreezeObject(const Object& object, int depth) {
    switch (object.kind) {
      case ObjectKind::kArray: {
        std::vector<Value> items;
        items.reserve(object.items.size());
        for (const Cell& item : object.items) items.push_back(Freeze(item, depth + 1));
        return Value::Array(std::move(items));
      }
      case ObjectKind::kXml:
        return Value::Xml(Source(*object.xml));
      case ObjectKind::kFunction:
        return FreezeFunction(object, depth);
      case ObjectKind::kPlain:
        break;
    }
    Value::Entries entries;
    if (object.error) {  // at rest it is data
      entries.emplace_back("name", Value::String(object.error->name));
      if (const Cell* message = object.Find("message")) {
        entries.emplace_back("message", Freeze(*message, depth + 1));
      }
    }
    for (const std::string& key : object.Keys()) {
      entries.emplace_back(key, Freeze(*object.Find(key), depth + 1));
    }
    return Value::Object(std::move(entries));
  }

  // Only the names that its text uses are kept of the scopes around it.
  Value FreezeFunction(const Object& function, int depth) {
    std::string text = FunctionAtRest(function);
    CountBytes(text.size());
    Value::Entries caught;
    if (function.scope) {
      std::shared_ptr<const Program> alone;
      try {
        alone = Parse(text.starts_with("function") ? "(" + text + ")" : text, false);
      } catch (const SyntaxError& error) {
        m_.Throw("SyntaxError", error.what());
      }
      for (const std::string& name : alone->free) {
        const Cell* cell = FindIn(function, name);
        if (!cell || cell->IsUnset()) continue;
        const bool itself = cell->IsObject() && cell->object == &function;
        if (!itself) caught.emplace_back(name, Freeze(*cell, depth + 1));
      }
    }
    return Value::Function(std::move(text), std::move(caught));
  }

  static const Cell* FindIn(const Object& function, const std::string& name) {
    const auto symbol = function.program->symbol_of.find(name);
    if (symbol == function.program->symbol_of.end()) return nullptr;
    for (const Scope* scope = function.scope; scope; scope = scope->parent) {
      for (const Binding& binding : scope->names) {
        if (binding.symbol == symbol->second) return &binding.value;
      }
    }
    return nullptr;
  }

  static std::string Escaped(const std::string& text) {
    std::string out;
    for (char c : text) {
      switch (c) {
        case '<':
          out += "&lt;";
          break;
        case '>':
          out += "&gt;";
          break;
        case '&':
          out += "&amp;";
          break;
        case '"':
          out += "&quot;";
          break;
        default:
          out.push_back(c);
      }
    }
    return out;
  }

  static std::string Source(const XmlElement& element) {
    if (!element.source.empty()) return element.source;
    if (element.name.empty()) return Escaped(element.text);
    std::string out = "<" + element.name;
    for (const auto& [name, value] : element.attributes) {
      out += " " + name + "=\"" + Escaped(value) + "\"";
    }
    if (element.children.empty()) return out + "/>";
    out += ">";
    for (const auto& child : element.children) out += Source(*child);
    return out + "</" + element.name + ">";
  }

  Machine& m_;
  int nodes_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

Cell Thaw(Machine& m, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kUndefined:
      return value.IsHole() ? Cell::Hole() : Cell();
    case Value::Kind::kNull:
      return Cell::Null();
    case Value::Kind::kBoolean:
      return Cell::Boolean(value.boolean());
    case Value::Kind::kNumber:
      return Cell::Number(value.number());
    case Value::Kind::kString:
      return m.heap().MakeString(value.text());
    case Value::Kind::kArray: {
      Object* array = m.heap().MakeObject(ObjectKind::kArray);
      array->items.reserve(value.items().size());
      for (const Value& item : value.items()) array->items.push_back(Thaw(m, item));
      return Cell::Of(array);
    }
    case Value::Kind::kObject: {
      Object* object = m.heap().MakeObject(ObjectKind::kPlain);
      for (const auto& [key, item] : value.entries()) object->Set(key, Thaw(m, item));
      return Cell::Of(object);
    }
    case Value::Kind::kFunction:
      return ThawFunction(m, value);
    case Value::Kind::kXml: {
      auto element = ReadXml(value.text());
      if (!element) return m.heap().MakeString(value.text());
      return XmlCell(m, *m.heap().Keep(std::move(element)));
    }
  }
  return {};
}

Value Freeze(Machine& machine, const Cell& cell) { return Freezer(machine).Freeze(cell, 0); }

}  // namespace aiguillage::engine::evaluator
