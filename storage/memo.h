// What one transaction has read and asks again: people, roles, absences, collections and calls,
// many times an act and the same for every act of a group. A writing transaction is the only one of
// the whole record (dialect.h), so what it read stays true until it writes there itself.
//
// A reader keeps it for its next transaction too, unless the database says that somebody wrote.
//
//   return session.memo().Of<Collection>("collection " + slug, [&] { … the query … });
//   session.memo().Forget();                // by whoever writes to one of those tables
//   session.memo().Find<std::vector<Task>>("open tasks 17")   // null, or as read: whoever writes
//                                           // one of these rows puts it there too
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

namespace aiguillage::storage {

class Memo {
 public:
  template <typename Value, typename Read>
  const Value& Of(const std::string& key, Read read) {
    if (const auto* known = Find<Value>(key)) return *known;
    auto value = std::make_shared<Value>(read());
    if (kept_.size() >= kMost) Forget();
    kept_[key] = value;
    return *value;
  }

  template <typename Rows>
  Rows* Find(const std::string& key) {
    const auto found = kept_.find(key);
    return found == kept_.end() ? nullptr : static_cast<Rows*>(found->second.get());
  }

  void Forget() { kept_.clear(); }
  void Forget(const std::string& key) { kept_.erase(key); }

 private:
  // A transaction that goes through the whole record does not keep it.
  static constexpr std::size_t kMost = 2000;

  std::unordered_map<std::string, std::shared_ptr<void>> kept_;
};

}  // namespace aiguillage::storage
