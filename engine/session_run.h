// What the sessions of one Step share, and the event one of them works on.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/evaluator/bridge.h"
#include "engine/interpreter.h"
#include "engine/trace.h"

namespace aiguillage::engine {

class Session;

// What the sessions of one Step share.
struct Run {
  const StepInput& input;
  StepResult& result;
  Session* root = nullptr;
  int microsteps = 0;
  bool over = false;  // a bound of the macrostep was passed: stop everything

  void Incident(const std::string& what) { result.incidents.push_back(what); }
};

// First in, first out. Most steps queue one event or none: std::deque takes a page even for none.
template <typename T>
class Queue {
 public:
  bool empty() const { return items_.empty(); }
  T& back() { return items_.back(); }
  T& Add(T item = {}) { return items_.emplace_back(std::move(item)); }
  T Take() {
    T taken = std::move(items_[first_++]);
    if (first_ == items_.size()) Clear();
    return taken;
  }
  void Clear() {
    items_.clear();
    first_ = 0;
  }
  // All that waits; and back again.
  std::vector<T> Drain() {
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
    return std::exchange(items_, {});
  }
  void Fill(std::vector<T> items) {
    items_ = std::move(items);
    first_ = 0;
  }

 private:
  std::vector<T> items_;
  std::size_t first_ = 0;
};

// An event while it is worked on.
struct LiveEvent : QueuedEvent {
  enum class Type { kPlatform, kInternal, kExternal };
  Type type = Type::kInternal;
};

// A variable of the datamodel, thawed when something reads it.
struct Variable {
  Value frozen;
  evaluator::Cell cell;
  bool thawed = false;   // cell holds it
  bool written = false;  // frozen is out of date
  bool declared = true;
};
// A session that <invoke> started; no session: it has ended.
struct Invoked {
  std::string id;
  int state = 0;
  int index = 0;
  std::string text;
  std::shared_ptr<const Chart> chart;
  std::unique_ptr<Session> session;
};

// Errors of executable content stop their block; what was thrown has been raised already.
struct BlockStopped {};

}  // namespace aiguillage::engine
