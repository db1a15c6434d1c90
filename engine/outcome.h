// Either a value or the reason why there is none.
//
//   Outcome<Form> form = ParseForm(text, "forms/framing_note.json");
//   if (!form) return form.refusal();          // a Refusal, to be shown to whoever asked
//   Render(form.value());
//
// A refusal is an ordinary answer (the rails say no); trouble (disk, network) is an exception.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace aiguillage::engine {

// Why something was refused, in words for the person who asked.
struct Refusal {
  std::string code;                  // stable, for programs: "locked", "not_yours", "stale", …
  std::string sentence;              // French, for people: what, where, how to mend
  std::vector<std::string> who_can;  // roles or names who can do it instead; may be empty
};

template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : held_(std::move(value)) {}            // NOLINT: meant to be implicit
  Outcome(Refusal refusal) : held_(std::move(refusal)) {}  // NOLINT: meant to be implicit

  explicit operator bool() const { return held_.index() == 0; }
  const T& value() const& { return std::get<0>(held_); }
  T&& value() && { return std::get<0>(std::move(held_)); }
  const Refusal& refusal() const { return std::get<1>(held_); }

 private:
  std::variant<T, Refusal> held_;
};

}  // namespace aiguillage::engine
