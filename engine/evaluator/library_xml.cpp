// The part of the DOM that documents use: getElementsByTagName, getAttribute, childNodes, …
#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/xml.h"

namespace aiguillage::engine::evaluator {

namespace {

const XmlElement& ElementOfSelf(Machine& m, const Cell& self) {
  if (!self.IsObject() || self.object->kind != ObjectKind::kXml) {
    m.Throw("TypeError", "an XML method needs an element");
  }
  return *self.object->xml;
}

void Collect(Machine& m, const XmlElement& from, const std::string& name, std::vector<Cell>& into) {
  m.Charge(1);
  for (const auto& child : from.children) {
    if (!child->name.empty() && (name == "*" || child->name == name)) {
      into.push_back(XmlCell(m, *child));
    }
    Collect(m, *child, name, into);
  }
}

Cell GetElementsByTagName(Machine& m, const Cell& self, Arguments a) {
  std::vector<Cell> found;
  Collect(m, ElementOfSelf(m, self), m.ToString(At(a, 0)), found);
  return m.MakeArray(std::move(found));
}

Cell GetAttribute(Machine& m, const Cell& self, Arguments a) {
  const std::string* value = ElementOfSelf(m, self).Find(m.ToString(At(a, 0)));
  return value ? m.MakeString(*value) : Cell::Null();
}

Cell HasAttribute(Machine& m, const Cell& self, Arguments a) {
  return Cell::Boolean(ElementOfSelf(m, self).Find(m.ToString(At(a, 0))) != nullptr);
}

Cell Children(Machine& m, const XmlElement& element, bool texts) {
  std::vector<Cell> found;
  for (const auto& child : element.children) {
    if (texts || !child->name.empty()) found.push_back(XmlCell(m, *child));
  }
  return m.MakeArray(std::move(found));
}

}  // namespace

Cell XmlCell(Machine& machine, const XmlElement& element) {
  Object* object = machine.heap().MakeObject(ObjectKind::kXml);
  object->xml = &element;
  machine.CheckMemory();
  return Cell::Of(object);
}

Cell XmlMember(Machine& machine, const Object& object, std::string_view key) {
  static const Native by_name{.name = "getElementsByTagName", .call = GetElementsByTagName};
  static const Native attribute{.name = "getAttribute", .call = GetAttribute};
  static const Native has_attribute{.name = "hasAttribute", .call = HasAttribute};
  const XmlElement& element = *object.xml;
  if (key == by_name.name) return Cell::Of(&by_name);
  if (key == attribute.name) return Cell::Of(&attribute);
  if (key == has_attribute.name) return Cell::Of(&has_attribute);
  if (key == "tagName" || key == "nodeName") {
    return machine.MakeString(element.name.empty() ? "#text" : element.name);
  }
  if (key == "textContent") {
    std::vector<Cell> none;
    Collect(machine, element, "", none);  // charges each
    return machine.MakeString(element.TextContent());
  }
  if (key == "nodeValue") {
    return element.name.empty() ? machine.MakeString(element.text) : Cell::Null();
  }
  if (key == "nodeType") return Cell::Number(element.name.empty() ? 3 : 1);
  if (key == "childNodes") return Children(machine, element, true);
  if (key == "children") return Children(machine, element, false);
  if (key == "documentElement") return XmlCell(machine, element);
  if (key == "firstChild") {
    return element.children.empty() ? Cell::Null() : XmlCell(machine, *element.children[0]);
  }
  return ObjectMember(Cell::Of(const_cast<Object*>(&object)), key);
}

}  // namespace aiguillage::engine::evaluator
