// A compiled expression of the ECMAScript subset: parsed once, evaluated often, always counted.
//
//   auto parsed = ParseExpression("answers.scores.filter(s => s >= 60).length");
//   if (!parsed) return parsed.refusal();                  // where and what was expected
//   auto result = Evaluate(parsed.value(), {{"answers", answers}});   // Outcome<json>
//
// It has no clock, no randomness, no I/O. Undeclared names are errors; declared ones without a
// value are undefined. Known: docs/architecture.md; the fixed library is in engine/evaluator/.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/limits.h"
#include "engine/outcome.h"

namespace aiguillage::engine {

namespace evaluator {
struct Program;
}

class Expression {
 public:
  Expression() = default;  // none was written
  explicit Expression(std::shared_ptr<evaluator::Program> program) : program_(std::move(program)) {}
  explicit operator bool() const { return program_ != nullptr; }
  const std::string& text() const;
  const evaluator::Program& program() const { return *program_; }

  // Names it uses and does not make itself: {"rounds", "_event", "In"}, each once.
  std::vector<std::string> FreeNames() const;
  // Member paths from free names: {"rounds", "_event.data.verdict"}; stops at a computed index.
  std::vector<std::string> Paths() const;
  bool Reads(std::string_view name) const;
  bool Assigns() const;     // contains =, +=, ++, delete …: a guard should not
  bool IsConstant() const;  // no free name, no call
  bool IsBroken() const;    // did not parse, and says so only when it is evaluated

  // Once, before it is shared: which variable each of its names is.
  void Bind(const std::unordered_map<std::string, int>& variables);

 private:
  std::shared_ptr<evaluator::Program> program_;
};

// The refusal's sentence says at which character and what was expected.
Outcome<Expression> ParseExpression(std::string_view text);
Outcome<Expression> ParseScript(std::string_view text);  // statements, for <script>
// The Recommendation wants a bad expression to be an error of its evaluation, not of its document.
Expression BrokenExpression(std::string_view text, const std::string& why);

// Stands alone, for forms: the variables are all it knows besides the fixed library.
// Refusal code: "error.execution" (it threw, or a name is unknown) or "budget" (too much work).
Outcome<nlohmann::json> Evaluate(const Expression& expression,
                                 const std::map<std::string, nlohmann::json>& variables,
                                 const Limits& limits = {});

}  // namespace aiguillage::engine
