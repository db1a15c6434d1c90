#include "engine/evaluator/heap.h"

#include <algorithm>

#include "engine/evaluator/xml.h"

namespace aiguillage::engine::evaluator {

namespace {
constexpr std::size_t kIndexedFrom = 12;  // properties searched one by one below this

template <typename T>
void FreeAll(T* first) {
  while (first) delete std::exchange(first, first->next);
}
}  // namespace

long IndexOf(std::string_view key) {
  if (key.empty() || key.size() > 10 || (key[0] == '0' && key.size() > 1)) return -1;
  long index = 0;
  for (char c : key) {
    if (c < '0' || c > '9') return -1;
    index = index * 10 + (c - '0');
  }
  return index < 4'294'967'295 ? index : -1;
}

const Cell* Object::Find(std::string_view key) const {
  if (index) {
    const auto found = index->find(std::string(key));
    return found == index->end() ? nullptr : &properties[found->second].second;
  }
  for (const auto& [name, value] : properties) {
    if (name == key) return &value;
  }
  return nullptr;
}

void Object::Set(std::string_view key, const Cell& value) {
  if (const Cell* found = Find(key)) {
    *const_cast<Cell*>(found) = value;
    return;
  }
  properties.emplace_back(key, value);
  if (index) {
    index->emplace(key, properties.size() - 1);
  } else if (properties.size() >= kIndexedFrom) {
    index = std::make_unique<std::unordered_map<std::string, std::size_t>>();
    for (std::size_t i = 0; i < properties.size(); ++i) index->emplace(properties[i].first, i);
  }
}

bool Object::Erase(std::string_view key) {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const auto& pair) { return pair.first == key; });
  if (found == properties.end()) return false;
  properties.erase(found);
  if (index) {
    index->clear();
    for (std::size_t i = 0; i < properties.size(); ++i) index->emplace(properties[i].first, i);
  }
  return true;
}

bool Object::Has(std::string_view key) const {
  if (kind == ObjectKind::kArray) {
    const long at = IndexOf(key);
    return key == "length" || (at >= 0 && HasItem(static_cast<std::size_t>(at)));
  }
  return Find(key) != nullptr;
}

std::vector<std::string> Object::Keys() const {
  std::vector<std::string> keys;
  if (error) return keys;  // an error's message is not enumerated
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (HasItem(i)) keys.push_back(std::to_string(i));
  }
  for (const auto& [key, value] : properties) {
    if (IndexOf(key) >= 0) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end(),
            [](const auto& a, const auto& b) { return IndexOf(a) < IndexOf(b); });
  for (const auto& [key, value] : properties) {
    if (IndexOf(key) < 0) keys.push_back(key);
  }
  return keys;
}

Heap::~Heap() {
  FreeAll(texts_);
  FreeAll(objects_);
  FreeAll(scopes_);
}

Text* Heap::MakeText(std::string text) {
  bytes_ += sizeof(Text) + text.size();
  texts_ = new Text{.text = std::move(text), .next = texts_};
  return texts_;
}

Object* Heap::MakeObject(ObjectKind kind) {
  bytes_ += sizeof(Object);
  auto* object = new Object;
  object->kind = kind;
  object->next = objects_;
  return objects_ = object;
}

Scope* Heap::MakeScope(Scope* parent) {
  bytes_ += sizeof(Scope);
  auto* scope = new Scope;
  scope->parent = parent;
  scope->next = scopes_;
  return scopes_ = scope;
}

const XmlElement* Heap::Keep(std::shared_ptr<const XmlElement> element) {
  elements_.push_back(std::move(element));
  return elements_.back().get();
}

}  // namespace aiguillage::engine::evaluator
