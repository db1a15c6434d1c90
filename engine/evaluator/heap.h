// Values at run time. A heap owns all that one macrostep makes and forgets it at once: cycles are
// no leak, and copying a cell is copying 16 bytes.
//
//   Heap heap;
//   Cell greeting = Cell::String(heap.MakeText("bonjour"));
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/evaluator/cell.h"

namespace aiguillage::engine::evaluator {

struct Binding {
  int symbol;
  bool constant;
  Cell value;
};

struct Scope {
  Scope* parent = nullptr;
  std::vector<Binding> names;
  Cell self;  // this
  bool has_self = false;
  Scope* next = nullptr;
};

class Heap {
 public:
  Heap() = default;
  ~Heap();
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  Text* MakeText(std::string text);
  Object* MakeObject(ObjectKind kind);
  Scope* MakeScope(Scope* parent);
  Cell MakeString(std::string text) { return Cell::String(MakeText(std::move(text))); }
  void Keep(std::shared_ptr<const Program> program) { programs_.push_back(std::move(program)); }
  const XmlElement* Keep(std::shared_ptr<const XmlElement> element);
  void Grow(std::size_t bytes) { bytes_ += bytes; }
  std::size_t bytes() const { return bytes_; }

  std::uint64_t mutations = 0;  // writes into objects: whether what was thawed may have changed

 private:
  Text* texts_ = nullptr;
  Object* objects_ = nullptr;
  Scope* scopes_ = nullptr;
  std::vector<std::shared_ptr<const Program>> programs_;
  std::vector<std::shared_ptr<const XmlElement>> elements_;
  std::size_t bytes_ = 0;
};

}  // namespace aiguillage::engine::evaluator
